using S3Multipart.Core.Buckets;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Tests;

public sealed class CustomerKeyTests
{
    private static readonly SseCustomerKey s_key = Key(1);
    private static readonly SseCustomerKey s_other = Key(2);

    [Fact]
    public void Another_key_is_refused_where_the_response_to_Create_named_that_of_the_upload()
    {
        MultipartUpload upload = Upload(s_key.ToMD5Base64());
        UploadState state = UploadState.Of(upload);
        Assert.Equal("CustomerKeyDiffers", Assert.Throws<S3MultipartException>(() => state.TakeKey(upload, s_other)).ErrorId);
        Assert.Null(state.CustomerKey);
        state.TakeKey(upload, s_key);
        Assert.Same(s_key, state.CustomerKey);
    }

    [Fact]
    public void Another_key_is_refused_where_this_process_began_the_upload()
    {
        MultipartUpload upload = new UploadState { CustomerKey = s_key, IsNew = true }.AttachTo(Upload(null));
        UploadState state = UploadState.Of(upload);
        Assert.Equal("CustomerKeyDiffers", Assert.Throws<S3MultipartException>(() => state.TakeKey(upload, s_other)).ErrorId);
        state.TakeKey(upload, null);
        Assert.Same(s_key, state.CustomerKey);
    }

    [Fact]
    public void A_key_that_was_only_given_proves_nothing_of_the_next()
    {
        MultipartUpload upload = Upload(null);
        UploadState state = UploadState.Of(upload);
        state.TakeKey(upload, s_other);
        state.TakeKey(upload, s_key);
        Assert.Same(s_key, state.CustomerKey);
    }

    [Fact]
    public void Parts_without_the_key_are_refused_where_the_upload_is_known_to_have_one()
    {
        MultipartUpload upload = Upload(s_key.ToMD5Base64());
        UploadState state = UploadState.Of(upload);
        Assert.Equal("CustomerKeyMissing", Assert.Throws<S3MultipartException>(() => state.RequireKey(upload)).ErrorId);
        state.TakeKey(upload, s_key);
        state.RequireKey(upload);
        MultipartUpload listed = Upload(null);
        UploadState.Of(listed).RequireKey(listed);
    }

    [Theory]
    [InlineData("SNOW", false)]
    [InlineData("FSX_OPENZFS", false)]
    [InlineData("fsx_ontap", false)]
    [InlineData("AWS_BACKUP_WARM", false)]
    [InlineData("AWS_BACKUP_LOW_COST_WARM", false)]
    [InlineData("STANDARD", true)]
    [InlineData("OUTPOSTS", true)]
    [InlineData("A_LATER_ONE", true)]
    [InlineData(null, true)]
    public void A_storage_class_that_S3_only_lists_is_refused(string? name, bool isTaken)
    {
        Exception? refused = Record.Exception(() => InputRules.Normalise(new ObjectInput { StorageClass = name }));
        Assert.Equal(isTaken ? null : "StorageClassNotForClients", (refused as S3MultipartException)?.ErrorId);
    }

    [Theory]
    [InlineData("arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/banner", false)]
    [InlineData("arn:aws-cn:s3-object-lambda:cn-north-1:123456789012:accesspoint:banner", false)]
    [InlineData("arn:aws:s3:us-west-2:123456789012:accesspoint/s3-object-lambda", true)]
    [InlineData("s3-object-lambda", true)]
    public void An_access_point_of_Object_Lambda_is_no_bucket(string name, bool isTaken)
    {
        Exception? refused = Record.Exception(() => BucketAddress.Parse(name));
        Assert.Equal(isTaken ? null : "BucketNameInvalid", (refused as S3MultipartException)?.ErrorId);
    }

    [Theory]
    [InlineData("arn:aws:s3:us-west-2:123456789012:accesspoint/prod", "us-west-2")]
    [InlineData("arn:aws:s3-outposts:eu-west-1:123456789012:outpost:op-1:accesspoint:prod", "eu-west-1")]
    [InlineData("arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap", null)]
    [InlineData("arn:", null)]
    [InlineData("bucket", null)]
    public void An_ARN_names_its_Region(string name, string? region) => Assert.Equal(region, BucketAddress.Parse(name).ArnRegion);

    private static SseCustomerKey Key(byte first)
    {
        Assert.True(SseCustomerKey.TryMake([first, .. new byte[31]], out SseCustomerKey? key));
        return key!;
    }

    private static MultipartUpload Upload(string? md5) =>
        new() { BucketName = "bucket", Key = "key", UploadId = "id", SseCustomerKeyMD5 = md5 };
}
