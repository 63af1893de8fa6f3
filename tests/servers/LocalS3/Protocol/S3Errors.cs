using System.Globalization;

namespace LocalS3.Protocol;

/// <summary>The errors of S3, with its codes, statuses and messages.</summary>
internal static class S3Errors
{
    public static S3Exception ExpiredToken(string? token = null) =>
        new("ExpiredToken", 400, "The provided token has expired.", ("Token-0", token ?? ""));

    public static S3Exception AccessDenied(string message = "Access Denied") => new("AccessDenied", 403, message);

    public static S3Exception NoSuchBucket(string bucket) =>
        new("NoSuchBucket", 404, "The specified bucket does not exist", ("BucketName", bucket));

    public static S3Exception PermanentRedirect(string bucket, string region) => new("PermanentRedirect", 301,
        "The bucket you are attempting to access must be addressed using the specified endpoint. "
        + "Please send all future requests to this endpoint.", ("Endpoint", $"{bucket}.s3.{region}.amazonaws.com"), ("Bucket", bucket))
    { Headers = [("x-amz-bucket-region", region)] };

    public static S3Exception NoSuchKey(string key) => new("NoSuchKey", 404, "The specified key does not exist.", ("Key", key));

    public static S3Exception NoSuchUpload(string uploadId) => new("NoSuchUpload", 404,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
        ("UploadId", uploadId));

    public static S3Exception NoSuchVersion(string key, string versionId) => new("NoSuchVersion", 404,
        "The specified version does not exist.", ("Key", key), ("VersionId", versionId));

    public static S3Exception InvalidPart(string uploadId, int partNumber, string eTag) => new("InvalidPart", 400,
        "One or more of the specified parts could not be found.  The part may not have been uploaded, "
        + "or the specified entity tag may not match the part's entity tag.",
        ("UploadId", uploadId), ("PartNumber", Text(partNumber)), ("ETag", eTag));

    public static S3Exception InvalidPartOrder(string uploadId) => new("InvalidPartOrder", 400,
        "The list of parts was not in ascending order. Parts must be ordered by part number.", ("UploadId", uploadId));

    public static S3Exception EntityTooSmall(long size, int partNumber, string eTag) => new("EntityTooSmall", 400,
        "Your proposed upload is smaller than the minimum allowed size",
        ("ProposedSize", Text(size)), ("MinSizeAllowed", Text(Limits.MinPartSize)), ("PartNumber", Text(partNumber)), ("ETag", eTag));

    public static S3Exception EntityTooLarge(long size, long allowed) => new("EntityTooLarge", 400,
        "Your proposed upload exceeds the maximum allowed size", ("ProposedSize", Text(size)), ("MaxSizeAllowed", Text(allowed)));

    public static S3Exception InvalidArgument(string message, string name, string value) =>
        new("InvalidArgument", 400, message, ("ArgumentName", name), ("ArgumentValue", value));

    public static S3Exception InvalidRequest(string message) => new("InvalidRequest", 400, message);

    public static S3Exception MalformedXml() => new("MalformedXML", 400,
        "The XML you provided was not well-formed or did not validate against our published schema");

    public static S3Exception PreconditionFailed(string condition) => new("PreconditionFailed", 412,
        "At least one of the pre-conditions you specified did not hold", ("Condition", condition));

    public static S3Exception ConditionalRequestConflict(string key) => new("ConditionalRequestConflict", 409,
        "The conditional request cannot succeed due to a conflicting operation against this resource.", ("Key", key));

    public static S3Exception InvalidDigest(string value) =>
        new("InvalidDigest", 400, "The Content-MD5 you specified was invalid.", ("Content-MD5", value));

    public static S3Exception BadDigestMd5(string expected, string calculated) => new("BadDigest", 400,
        "The Content-MD5 you specified did not match what we received.", ("ExpectedDigest", expected), ("CalculatedDigest", calculated));

    public static S3Exception BadDigest(string algorithm) =>
        new("BadDigest", 400, $"The {algorithm} you specified did not match the calculated checksum.");

    public static S3Exception KeyTooLong(int size) => new("KeyTooLongError", 400, "Your key is too long",
        ("Size", Text(size)), ("MaxSizeAllowed", Text(Limits.MaxKeyLength)));

    public static S3Exception MethodNotAllowed(string method, string resourceType) => new("MethodNotAllowed", 405,
        "The specified method is not allowed against this resource.", ("Method", method), ("ResourceType", resourceType));

    public static S3Exception NotImplemented(string header) => new("NotImplemented", 501,
        "A header you provided implies functionality that is not implemented", ("Header", header));

    public static S3Exception OperationNotImplemented(string what) =>
        new("NotImplemented", 501, "This functionality is not implemented.", ("Resource", what));

    public static S3Exception MissingContentLength() =>
        new("MissingContentLength", 411, "You must provide the Content-Length HTTP header.");

    public static S3Exception IncompleteBody() => new("IncompleteBody", 400,
        "You did not provide the number of bytes specified by the Content-Length HTTP header");

    public static S3Exception InvalidStorageClass(string requested) => new("InvalidStorageClass", 400,
        "The storage class you specified is not valid", ("StorageClassRequested", requested));

    public static S3Exception InvalidTag(string message, params (string, string)[] details) => new("InvalidTag", 400, message, details);

    public static S3Exception InvalidUri() => new("InvalidURI", 400, "Couldn't parse the specified URI.");

    public static S3Exception InvalidBucketName(string bucket) =>
        new("InvalidBucketName", 400, "The specified bucket is not valid.", ("BucketName", bucket));

    public static S3Exception MaxMessageLength(long allowed) => new("MaxMessageLengthExceeded", 400,
        "Your request was too big.", ("MaxMessageLengthBytes", Text(allowed)));

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
