using System.Text;
using S3Multipart.Core.Buckets;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Tests;

public sealed class InputTests
{
    [Theory]
    [InlineData("plain  text + more", "plain  text + more")]
    [InlineData("", "")]
    [InlineData("grün", "=?UTF-8?B?Z3LDvG4=?=")]
    [InlineData(" spaces at the ends ", "=?UTF-8?B?IHNwYWNlcyBhdCB0aGUgZW5kcyA=?=")]
    public void Metadata_goes_as_it_is_or_as_RFC_2047_has_it(string value, string sent) =>
        Assert.Equal(sent, HeaderText.EncodeMetadataValue("n", value));

    [Fact]
    public void Long_text_becomes_words_that_no_character_is_split_between()
    {
        string value = string.Concat(Enumerable.Repeat("aü日😀", 30));
        string sent = HeaderText.EncodeMetadataValue("n", value);
        string[] words = sent.Split(' ');
        Assert.All(words, word => Assert.InRange(word.Length, 13, 75));
        Assert.Equal(value,
            string.Concat(words.Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word["=?UTF-8?B?".Length..^2])))));
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\tb")]
    [InlineData("a\u007fb")]
    public void Control_characters_are_refused(string value)
    {
        Assert.Equal("MetadataValueInvalid", Refusal(() => HeaderText.EncodeMetadataValue("n", value)));
        Assert.Equal("HeaderValueInvalid", Refusal(() => HeaderText.Check("CacheControl", value)));
    }

    [Theory]
    [InlineData("X-Amz-Meta-Owner", "owner")]
    [InlineData("Owner", "owner")]
    [InlineData("a b", null)]
    [InlineData("a:b", null)]
    [InlineData("ü", null)]
    [InlineData("", null)]
    public void Names_of_metadata_are_those_of_headers(string name, string? sent)
    {
        string? id = Record.Exception(() => Assert.Equal(sent, HeaderText.CheckMetadataName(name))) is S3MultipartException e
            ? e.ErrorId : null;
        Assert.Equal(sent is null ? "MetadataNameInvalid" : null, id);
    }

    [Theory]
    [InlineData("text/plain;charset=utf-8", "text/plain; charset=utf-8")]
    [InlineData("application/json ;a=b", "application/json; a=b")]
    [InlineData("video/mp4", "video/mp4")]
    public void Media_types_are_sent_in_the_form_that_is_signed(string given, string sent) =>
        Assert.Equal(sent, HeaderText.CheckContentType(given));

    [Fact]
    public void What_is_no_media_type_is_refused() =>
        Assert.Equal("HeaderValueInvalid", Refusal(() => HeaderText.CheckContentType("text")));

    [Theory]
    [InlineData("id=\"abc123\"", "abc123", null)]
    [InlineData("id=abc123", "abc123", null)]
    [InlineData("abc123", "abc123", null)]
    [InlineData("uri=\"http://acs.amazonaws.com/groups/global/AllUsers\"", null, "http://acs.amazonaws.com/groups/global/AllUsers")]
    [InlineData("http://acs.amazonaws.com/groups/global/AllUsers", null, "http://acs.amazonaws.com/groups/global/AllUsers")]
    public void Grantees_are_ids_and_groups(string text, string? id, string? uri)
    {
        Grant grant = Grant.Parse(GrantPermission.Read, text);
        Assert.Equal((id, uri), (grant.Id, grant.Uri));
    }

    [Theory]
    [InlineData("emailAddress=\"a@example.org\"", "EmailGranteeRetired")]
    [InlineData("a@example.org", "EmailGranteeRetired")]
    [InlineData("nobody at all", "GranteeInvalid")]
    public void Other_grantees_are_refused(string text, string errorId) =>
        Assert.Equal(errorId, Refusal(() => Grant.Parse(GrantPermission.Read, text)));

    [Fact]
    public void Tags_lock_redirect_and_class_have_their_rules()
    {
        Dictionary<string, string> eleven = Enumerable.Range(0, 11).ToDictionary(i => $"k{i}", _ => "v");
        Assert.Equal("TagInvalid", Refused(new ObjectInput { Tags = eleven }));
        Assert.Equal("TagInvalid", Refused(new ObjectInput { Tags = new Dictionary<string, string> { ["aws:x"] = "v" } }));
        Assert.Equal("TagInvalid", Refused(new ObjectInput { Tags = new Dictionary<string, string> { [new string('k', 129)] = "v" } }));
        Assert.Equal("TagInvalid", Refused(new ObjectInput { Tags = new Dictionary<string, string> { ["k"] = new string('v', 257) } }));
        Assert.Equal("TagInvalid", Refused(new ObjectInput { Tags = new Dictionary<string, string> { ["k"] = "<" } }));
        Assert.Equal("ObjectLockIncomplete", Refused(new ObjectInput { ObjectLockMode = "GOVERNANCE" }));
        Assert.Equal("RetainUntilDateInPast",
            Refused(new ObjectInput { ObjectLockMode = "GOVERNANCE", ObjectLockRetainUntilDate = DateTime.UtcNow }));
        Assert.Equal("RedirectInvalid", Refused(new ObjectInput { WebsiteRedirectLocation = "other" }));
        Assert.Equal("StorageClassNotForClients", Refused(new ObjectInput { StorageClass = "SNOW" }));
        Assert.Equal("AclAndGrants",
            Refused(new ObjectInput { CannedAcl = "private", Grants = [new Grant(GrantPermission.Read, "id", null)] }));
        Assert.Equal("MetadataTooLarge",
            Refused(new ObjectInput { Metadata = new Dictionary<string, string> { ["k"] = new string('v', 2048) } }));
        Assert.Null(
            Refused(new ObjectInput { Tags = new Dictionary<string, string> { ["ä b"] = "c+d=e:f/g@h" }, StorageClass = "A_NEW_ONE" }));
    }

    [Theory]
    [InlineData("STANDRD_IA", "STANDARD_IA")]
    [InlineData("standard-ia", "STANDARD_IA")]
    [InlineData("standard", "STANDARD")]
    [InlineData("GLACIR", "GLACIER")]
    [InlineData("Glacier IR", "GLACIER_IR")]
    [InlineData("INTELIGENT_TIERING", "INTELLIGENT_TIERING")]
    [InlineData("DEEPARCHIVE", "DEEP_ARCHIVE")]
    [InlineData("GLACIER", null)]
    [InlineData("COLD", null)]
    [InlineData("", null)]
    [InlineData("A_NEW_ONE", null)]
    public void A_storage_class_that_is_misspelt_has_a_nearest_one(string given, string? nearest) =>
        Assert.Equal(nearest, StorageClasses.Nearest(given));

    [Fact]
    public void The_KMS_context_is_base64_of_JSON()
    {
        string context = EncryptionInput.MakeKmsContext(new Dictionary<string, string> { ["b"] = "2", ["a"] = "ü" });
        string json = Encoding.UTF8.GetString(Convert.FromBase64String(context));
        Assert.Equal("ü", System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("a").GetString());
        Assert.Equal("2", System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("b").GetString());
    }

    [Fact]
    public void A_customer_key_has_32_bytes_and_shows_none_of_them()
    {
        string base64 = Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
        Assert.True(SseCustomerKey.TryParse(base64, out SseCustomerKey? key));
        Assert.Equal("SseCustomerKey", key!.ToString());
        Assert.Equal("{}", System.Text.Json.JsonSerializer.Serialize(key));
        Assert.Equal("tP8FZg+tRVrd55abUPRIZQ==".Length, key.ToMD5Base64().Length);
        Assert.False(SseCustomerKey.TryParse(base64[..^4], out _));
        Assert.False(SseCustomerKey.TryParse("no key", out _));
        Assert.False(SseCustomerKey.TryParse(new string('A', 200), out _));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000", false)]
    [InlineData("http://localhost", false)]
    [InlineData("http://[::1]:9000", false)]
    [InlineData("https://s3.example.org", false)]
    [InlineData("http://s3.example.org", true)]
    [InlineData("http://192.0.2.1", true)]
    [InlineData(null, false)]
    public void Plain_http_to_another_machine_is_exposed(string? endpoint, bool isExposed) =>
        Assert.Equal(isExposed, TransportRule.IsExposed(endpoint));

    [Theory]
    [InlineData("us-west-2", "usw2-az1", null)]
    [InlineData("us-east-1", "usw2-az1", "RegionNotOfZone")]
    [InlineData("ap-northeast-1", "apne1-az4", null)]
    [InlineData("eu-north-1", "eun1-az1", null)]
    [InlineData("us-gov-west-1", "usgw1-az1", null)]
    [InlineData("us-west-2", "usw2-lax1-az1", null)]
    public void The_Region_of_a_directory_bucket_is_that_of_its_zone(string region, string zone, string? errorId)
    {
        Assert.Equal(errorId, Record.Exception(() => DirectoryBucketRules.Check(
            BucketAddress.Parse($"b--{zone}--x-s3"), new ConnectionSettings(), region, isRegionMissing: false))
            is S3MultipartException e ? e.ErrorId : null);
    }

    private static string? Refused(ObjectInput input) =>
        (Record.Exception(() => InputRules.Normalise(input)) as S3MultipartException)?.ErrorId;

    private static string Refusal(Func<object?> act) => Assert.Throws<S3MultipartException>(act).ErrorId;
}
