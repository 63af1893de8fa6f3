namespace S3Multipart.Aws.Tests.Endpoints;

/// <summary>
/// Hosts, paths and scopes of signatures as AWS documents them: AWS General Reference, "Amazon S3 endpoints" (Regions, dualstack, FIPS)
/// and the S3 User Guide's pages on virtual hosting, Transfer Acceleration, access points, multi-Region access points, S3 on Outposts and
/// "Regional and Zonal endpoints for directory buckets".
/// </summary>
public sealed class EndpointTests
{
    private const string Point = "arn:aws:s3:us-west-2:123456789012:accesspoint/prod";
    private const string Outpost = "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/accesspoint/reports";
    private const string OutpostAlias = "test-accessp-o0b1d075431d83bebde8xz5w8ijx1qzlbp3i3kuse10--op-s3";
    private const string Mrap = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";

    [Theory]
    // aws: the regular, dualstack and FIPS endpoints.
    [InlineData("us-west-2", "", "bucket", "bucket.s3.us-west-2.amazonaws.com", "us-west-2/s3")]
    [InlineData("us-west-2", "dualstack", "bucket", "bucket.s3.dualstack.us-west-2.amazonaws.com", "us-west-2/s3")]
    [InlineData("us-west-2", "fips", "bucket", "bucket.s3-fips.us-west-2.amazonaws.com", "us-west-2/s3")]
    [InlineData("us-west-2", "fips dualstack", "bucket", "bucket.s3-fips.dualstack.us-west-2.amazonaws.com", "us-west-2/s3")]
    [InlineData("us-west-2", "path", "bucket", "s3.us-west-2.amazonaws.com/bucket", "us-west-2/s3")]
    [InlineData("us-west-2", "path dualstack", "bucket", "s3.dualstack.us-west-2.amazonaws.com/bucket", "us-west-2/s3")]
    [InlineData("us-west-2", "path fips", "bucket", "s3-fips.us-west-2.amazonaws.com/bucket", "us-west-2/s3")]
    [InlineData("eu-central-1", "", "bucket", "bucket.s3.eu-central-1.amazonaws.com", "eu-central-1/s3")]
    [InlineData("ap-southeast-5", "", "bucket", "bucket.s3.ap-southeast-5.amazonaws.com", "ap-southeast-5/s3")]
    [InlineData("mx-central-1", "dualstack", "bucket", "bucket.s3.dualstack.mx-central-1.amazonaws.com", "mx-central-1/s3")]
    // us-east-1 by its own name, not by the global one, which is kept for old clients.
    [InlineData("us-east-1", "", "bucket", "bucket.s3.us-east-1.amazonaws.com", "us-east-1/s3")]
    [InlineData("us-east-1", "path", "bucket", "s3.us-east-1.amazonaws.com/bucket", "us-east-1/s3")]
    [InlineData("us-east-1", "dualstack", "bucket", "bucket.s3.dualstack.us-east-1.amazonaws.com", "us-east-1/s3")]
    [InlineData("us-east-1", "fips", "bucket", "bucket.s3-fips.us-east-1.amazonaws.com", "us-east-1/s3")]
    [InlineData("ca-central-1", "fips", "bucket", "bucket.s3-fips.ca-central-1.amazonaws.com", "ca-central-1/s3")]
    [InlineData("ca-west-1", "fips dualstack", "bucket", "bucket.s3-fips.dualstack.ca-west-1.amazonaws.com", "ca-west-1/s3")]
    [InlineData("il-central-1", "", "bucket", "bucket.s3.il-central-1.amazonaws.com", "il-central-1/s3")]
    [InlineData("af-south-1", "path dualstack", "bucket", "s3.dualstack.af-south-1.amazonaws.com/bucket", "af-south-1/s3")]
    // A Region that is younger than this SDK is one by its form.
    [InlineData("eu-north-9", "", "bucket", "bucket.s3.eu-north-9.amazonaws.com", "eu-north-9/s3")]
    // aws-cn, which has no FIPS endpoints.
    [InlineData("cn-north-1", "", "bucket", "bucket.s3.cn-north-1.amazonaws.com.cn", "cn-north-1/s3")]
    [InlineData("cn-northwest-1", "dualstack", "bucket", "bucket.s3.dualstack.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1/s3")]
    [InlineData("cn-north-1", "path", "bucket", "s3.cn-north-1.amazonaws.com.cn/bucket", "cn-north-1/s3")]
    // aws-us-gov.
    [InlineData("us-gov-west-1", "", "bucket", "bucket.s3.us-gov-west-1.amazonaws.com", "us-gov-west-1/s3")]
    [InlineData("us-gov-east-1", "fips", "bucket", "bucket.s3-fips.us-gov-east-1.amazonaws.com", "us-gov-east-1/s3")]
    [InlineData("us-gov-west-1", "dualstack", "bucket", "bucket.s3.dualstack.us-gov-west-1.amazonaws.com", "us-gov-west-1/s3")]
    [InlineData("us-gov-west-1", "fips dualstack", "bucket", "bucket.s3-fips.dualstack.us-gov-west-1.amazonaws.com", "us-gov-west-1/s3")]
    // aws-iso, aws-iso-b, aws-iso-e, aws-iso-f and aws-eusc have domains of their own.
    [InlineData("us-iso-east-1", "", "bucket", "bucket.s3.us-iso-east-1.c2s.ic.gov", "us-iso-east-1/s3")]
    [InlineData("us-iso-west-1", "path", "bucket", "s3.us-iso-west-1.c2s.ic.gov/bucket", "us-iso-west-1/s3")]
    [InlineData("us-isob-east-1", "", "bucket", "bucket.s3.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1/s3")]
    [InlineData("eu-isoe-west-1", "", "bucket", "bucket.s3.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1/s3")]
    [InlineData("us-isof-south-1", "", "bucket", "bucket.s3.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1/s3")]
    [InlineData("eu-isoe-west-1", "fips", "bucket", "bucket.s3-fips.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1/s3")]
    [InlineData("us-isof-east-1", "path", "bucket", "s3.us-isof-east-1.csp.hci.ic.gov/bucket", "us-isof-east-1/s3")]
    [InlineData("eusc-de-east-1", "", "bucket", "bucket.s3.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1/s3")]
    public void A_bucket_is_at_its_Region(string region, string options, string bucket, string host, string scope) =>
        Assert.Equal(("https://" + host + "/k", scope), new EndpointUnderTest(region, options).Find(bucket));

    [Theory]
    // The certificate's wildcard stands for one label.
    [InlineData("bucket.with.dots", "s3.us-west-2.amazonaws.com/bucket.with.dots")]
    // Names from before 2018 that no host can have.
    [InlineData("My_Bucket", "s3.us-west-2.amazonaws.com/My_Bucket")]
    [InlineData("Bucket", "s3.us-west-2.amazonaws.com/Bucket")]
    [InlineData("ab", "s3.us-west-2.amazonaws.com/ab")]
    [InlineData("a-1.b-2", "s3.us-west-2.amazonaws.com/a-1.b-2")]
    // The alias of an access point is a bucket's name.
    [InlineData("prod-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias",
        "prod-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias.s3.us-west-2.amazonaws.com")]
    public void A_bucket_is_a_host_where_its_name_can_be_one(string bucket, string host) =>
        Assert.Equal(("https://" + host + "/k", "us-west-2/s3"), new EndpointUnderTest("us-west-2").Find(bucket));

    [Theory]
    [InlineData("accelerate", "bucket.s3-accelerate.amazonaws.com")]
    [InlineData("accelerate dualstack", "bucket.s3-accelerate.dualstack.amazonaws.com")]
    public void Acceleration_has_one_host_and_the_scope_of_the_Region(string options, string host) =>
        Assert.Equal(("https://" + host + "/k", "eu-west-1/s3"), new EndpointUnderTest("eu-west-1", options).Find("bucket"));

    [Theory]
    [InlineData("us-west-2", "", Point, "prod-123456789012.s3-accesspoint.us-west-2.amazonaws.com", "us-west-2/s3")]
    [InlineData("us-west-2", "dualstack", Point, "prod-123456789012.s3-accesspoint.dualstack.us-west-2.amazonaws.com", "us-west-2/s3")]
    [InlineData("us-west-2", "fips", Point, "prod-123456789012.s3-accesspoint-fips.us-west-2.amazonaws.com", "us-west-2/s3")]
    [InlineData("us-west-2",
        "fips dualstack", Point, "prod-123456789012.s3-accesspoint-fips.dualstack.us-west-2.amazonaws.com", "us-west-2/s3")]
    [InlineData("us-west-2", "",
        "arn:aws:s3:us-west-2:123456789012:accesspoint:prod", "prod-123456789012.s3-accesspoint.us-west-2.amazonaws.com", "us-west-2/s3")]
    [InlineData("cn-north-1", "", "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint/prod",
        "prod-123456789012.s3-accesspoint.cn-north-1.amazonaws.com.cn", "cn-north-1/s3")]
    [InlineData("us-gov-west-1", "fips", "arn:aws-us-gov:s3:us-gov-west-1:123456789012:accesspoint/prod",
        "prod-123456789012.s3-accesspoint-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1/s3")]
    [InlineData("eu-west-1", "", Point, "prod-123456789012.s3-accesspoint.us-west-2.amazonaws.com", "us-west-2/s3")]
    [InlineData("us-east-1", "", "arn:aws:s3:us-east-1:123456789012:accesspoint/prod",
        "prod-123456789012.s3-accesspoint.us-east-1.amazonaws.com", "us-east-1/s3")]
    [InlineData("eusc-de-east-1", "dualstack", "arn:aws-eusc:s3:eusc-de-east-1:123456789012:accesspoint/prod",
        "prod-123456789012.s3-accesspoint.dualstack.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1/s3")]
    [InlineData("us-west-2", "", "arn:aws:s3-outposts:us-west-2:123456789012:outpost:op-01234567890123456:accesspoint:reports",
        "reports-123456789012.op-01234567890123456.s3-outposts.us-west-2.amazonaws.com", "us-west-2/s3-outposts")]
    [InlineData("us-west-2", "", "arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap",
        "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com", "s3 all Regions")]
    [InlineData("us-west-2", "", Mrap, "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com", "s3 all Regions")]
    [InlineData("eu-west-1", "", Mrap, "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com", "s3 all Regions")]
    [InlineData("us-west-2",
        "", Outpost, "reports-123456789012.op-01234567890123456.s3-outposts.us-west-2.amazonaws.com", "us-west-2/s3-outposts")]
    [InlineData(
        "us-west-1", "", OutpostAlias, OutpostAlias + ".op-0b1d075431d83bebd.s3-outposts.us-west-1.amazonaws.com", "us-west-1/s3-outposts")]
    public void An_access_point_has_a_host_of_its_own(string region, string options, string arn, string host, string scope) =>
        Assert.Equal(("https://" + host + "/k", scope), new EndpointUnderTest(region, options).Find(arn));

    [Theory]
    [InlineData("us-west-2", "", "b--usw2-az1--x-s3", "b--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com")]
    [InlineData("us-west-2", "dualstack", "b--usw2-az1--x-s3", "b--usw2-az1--x-s3.s3express-usw2-az1.dualstack.us-west-2.amazonaws.com")]
    [InlineData("us-west-2", "fips", "b--usw2-az1--x-s3", "b--usw2-az1--x-s3.s3express-fips-usw2-az1.us-west-2.amazonaws.com")]
    [InlineData("us-west-2",
        "fips dualstack", "b--usw2-az1--x-s3", "b--usw2-az1--x-s3.s3express-fips-usw2-az1.dualstack.us-west-2.amazonaws.com")]
    [InlineData("ap-northeast-1",
        "", "my--bucket--apne1-az4--x-s3", "my--bucket--apne1-az4--x-s3.s3express-apne1-az4.ap-northeast-1.amazonaws.com")]
    [InlineData("us-east-1", "", "b--use1-dfw2-az1--x-s3", "b--use1-dfw2-az1--x-s3.s3express-use1-dfw2-az1.us-east-1.amazonaws.com")]
    [InlineData("eu-north-1", "", "b--eun1-az3--x-s3", "b--eun1-az3--x-s3.s3express-eun1-az3.eu-north-1.amazonaws.com")]
    [InlineData(
        "us-west-2", "fips", "b--usw2-lax1-az1--x-s3", "b--usw2-lax1-az1--x-s3.s3express-fips-usw2-lax1-az1.us-west-2.amazonaws.com")]
    [InlineData("us-west-2",
        "fips dualstack", "point--usw2-az1--xa-s3", "point--usw2-az1--xa-s3.s3express-fips-usw2-az1.dualstack.us-west-2.amazonaws.com")]
    [InlineData("us-west-2", "", "point--usw2-az1--xa-s3", "point--usw2-az1--xa-s3.s3express-usw2-az1.us-west-2.amazonaws.com")]
    public void A_directory_bucket_is_in_its_zone(string region, string options, string bucket, string host)
    {
        EndpointUnderTest endpoints = new(region, options);
        Assert.Equal(("https://" + host + "/k", $"{region}/s3express session"), endpoints.Find(bucket));
        // A copy is signed with the caller's keys, not with the session's, because both buckets have to know the caller.
        Assert.Equal(("https://" + host + "/k", $"{region}/s3express"), endpoints.Find(bucket, usesSession: false));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000", "", "bucket", "http://127.0.0.1:9000/bucket/k")]
    [InlineData("http://127.0.0.1:9000", "host", "bucket", "http://127.0.0.1:9000/bucket/k")]
    [InlineData("http://[::1]:9000", "", "bucket", "http://[::1]:9000/bucket/k")]
    [InlineData("https://store.example", "", "bucket", "https://store.example/bucket/k")]
    [InlineData("https://store.example/", "", "bucket", "https://store.example/bucket/k")]
    [InlineData("https://store.example:8443/base", "", "bucket", "https://store.example:8443/base/bucket/k")]
    [InlineData("https://store.example", "host", "bucket", "https://bucket.store.example/k")]
    [InlineData("https://store.example:8443/base", "host", "bucket", "https://bucket.store.example:8443/base/k")]
    [InlineData("https://store.example", "", "bucket.with.dots", "https://store.example/bucket.with.dots/k")]
    [InlineData("https://store.example", "host", "bucket.with.dots", "https://store.example/bucket.with.dots/k")]
    [InlineData("http://store.example", "host", "bucket.with.dots", "http://bucket.with.dots.store.example/k")]
    [InlineData("https://bucket.vpce-1a2b3c4d-5e6f.s3.eu-west-1.vpce.amazonaws.com",
        "host", "b12", "https://b12.bucket.vpce-1a2b3c4d-5e6f.s3.eu-west-1.vpce.amazonaws.com/k")]
    public void A_store_of_its_own_is_at_the_address_given_by_path_where_nothing_else_is_requested(
        string endpoint, string options, string bucket, string url) =>
        Assert.Equal((url, "eu-west-1/s3"), new EndpointUnderTest("eu-west-1", options, endpoint).Find(bucket));

    [Fact]
    public void An_access_point_behind_an_interface_endpoint_is_its_host_where_path_style_is_off() => Assert.Equal(
        ("https://prod-123456789012.accesspoint.vpce-1a2b3c4d-5e6f.s3.us-west-2.vpce.amazonaws.com/k", "us-west-2/s3"),
        new EndpointUnderTest("us-west-2", "host", "https://accesspoint.vpce-1a2b3c4d-5e6f.s3.us-west-2.vpce.amazonaws.com").Find(Point));

    [Theory]
    // AWS has no FIPS endpoints in China, and none that accelerates.
    [InlineData("cn-north-1", "fips", "bucket", null)]
    [InlineData("us-west-2", "accelerate fips", "bucket", null)]
    [InlineData("cn-north-1", "accelerate", "bucket", null)]
    // Acceleration is by virtual host, whose name has no dots.
    [InlineData("us-west-2", "accelerate", "bucket.with.dots", null)]
    // Multi-Region access points have neither.
    [InlineData("us-west-2", "fips", Mrap, null)]
    [InlineData("us-west-2", "dualstack", Mrap, null)]
    [InlineData("us-west-2", "accelerate", Mrap, null)]
    [InlineData("us-west-2", "accelerate", Point, null)]
    [InlineData("us-west-2", "path", Point, null)]
    [InlineData("us-west-2", "dualstack", Outpost, null)]
    [InlineData("us-west-2", "fips", Outpost, null)]
    [InlineData("us-west-2", "accelerate", Outpost, null)]
    [InlineData("us-west-2", "path", Outpost, null)]
    [InlineData("us-west-2", "path", Mrap, null)]
    [InlineData("cn-north-1", "fips", "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint/prod", null)]
    [InlineData("us-west-2", "accelerate", "point--usw2-az1--xa-s3", null)]
    // A name that ends like that of a directory bucket, and has no zone that there is.
    [InlineData("us-west-2", "", "b--usw2--x-s3", null)]
    [InlineData("us-west-2", "", "b_c--usw2-az1--x-s3", null)]
    [InlineData("us-west-2", "accelerate", "b--usw2-az1--x-s3", null)]
    // Another partition or service, or half an ARN.
    [InlineData("us-west-2", "", "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint/prod", null)]
    [InlineData("us-west-2", "", "arn:aws:sqs:us-west-2:123456789012:queue", null)]
    [InlineData("us-west-2", "", "arn:aws:s3:us-west-2:123456789012:accesspoint/", null)]
    [InlineData("us-west-2", "", "arn:aws:s3:us-west-2:123456789012:accesspoint/a/b", null)]
    [InlineData("us-west-2", "", "arn:aws:s3:us-west-2:123456789012:accesspoint/a_b", null)]
    [InlineData("us-west-2", "", "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456", null)]
    [InlineData("us-west-2", "", "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op_0/accesspoint/reports", null)]
    [InlineData("us-west-2", "", "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/bucket/reports", null)]
    [InlineData("us-west-2", "", "arn:aws:s3:us-west-2::accesspoint/prod", null)]
    [InlineData("us-west-2", "", "arn:aws:s3:us_west:123456789012:accesspoint/prod", null)]
    [InlineData("us-west-2", "", "arn:aws:s3:us-west-2:1234_6789012:accesspoint/prod", null)]
    [InlineData("us-west-2", "", "arn:aws:s3:us-west-2:123456789012:", null)]
    // An address given cannot be made another.
    [InlineData("us-west-2", "dualstack", "bucket", "https://store.example")]
    [InlineData("us-west-2", "fips", "bucket", "https://store.example")]
    public void What_S3_does_not_have_is_refused_without_a_request(string region, string options, string bucket, string? url) =>
        Assert.Equal("EndpointNotOffered",
            Assert.Throws<S3MultipartException>(() => new EndpointUnderTest(region, options, url).Find(bucket)).ErrorId);

    [Theory]
    [InlineData("", "/")]
    [InlineData("a/b//c/../d", "/a/b//c/../d")]
    [InlineData("a b+c%20é", "/a%20b%2Bc%2520%C3%A9")]
    [InlineData("/", "//")]
    [InlineData("-._~!*'()", "/-._~%21%2A%27%28%29")]
    public void A_key_is_encoded_once_and_nothing_in_it_is_a_path(string key, string path) =>
        Assert.Equal("https://bucket.s3.us-west-2.amazonaws.com" + path, new EndpointUnderTest("us-west-2").Find("bucket", key).Url);

    [Fact]
    public void A_bucket_that_S3_says_is_in_another_Region_is_looked_for_there_from_then_on()
    {
        EndpointUnderTest endpoints = new("us-east-1");
        Assert.True(endpoints.Move("bucket", "eu-west-1"));
        Assert.Equal(("https://bucket.s3.eu-west-1.amazonaws.com/k", "eu-west-1/s3"), endpoints.Find("bucket"));
        Assert.Equal(("https://other.s3.us-east-1.amazonaws.com/k", "us-east-1/s3"), endpoints.Find("other"));
        Assert.False(endpoints.Move("bucket", "eu-west-1"));
    }

    [Theory]
    [InlineData("evil.example/#")]
    [InlineData("x@evil.example")]
    [InlineData(" ")]
    public void What_is_no_Region_sends_nothing_elsewhere(string region)
    {
        EndpointUnderTest endpoints = new("us-east-1");
        Exception? refused = Record.Exception(() =>
        {
            _ = endpoints.Move("bucket", region);
            Assert.EndsWith(".amazonaws.com", new Uri(endpoints.Find("bucket").Url).Host, StringComparison.Ordinal);
        });
        Assert.True(refused is null or S3MultipartException { ErrorId: "EndpointNotOffered" }, refused?.ToString());
    }

    [Fact]
    public void A_store_of_its_own_is_not_looked_for_in_another_Region() =>
        Assert.False(new EndpointUnderTest("us-east-1", url: "https://store.example").Move("bucket", "eu-west-1"));
}
