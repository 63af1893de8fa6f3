namespace S3Multipart.Core.Errors;

/// <summary>What an error of S3 is likely to mean where its message does not say it.</summary>
internal static class ServiceAdvice
{
    private const string WithoutChecksums = "The store may reject S3's checksums: try -RequestChecksumCalculation WhenRequired.";

    /// <summary>What helps whatever the request was.</summary>
    internal static string For(ServiceResponse response) =>
        (response.IsOtherStore ? ForOtherStore(response.ErrorCode, response.Text ?? "") : null) ?? ForCode(response.ErrorCode);

    /// <summary>
    /// What other stores mean by a code of S3's; null where it is the same. Where each was seen is in docs/stores.md.
    /// </summary>
    private static string? ForOtherStore(string errorCode, string text) => errorCode switch
    {
        "SignatureDoesNotMatch" when text.Trim() == "Invalid argument." => WithoutChecksums + " If the error persists, check -SecretKey.",
        "BadDigest" or "XAmzContentSHA256Mismatch" => null,
        "InvalidPart" when text.Contains("same length", StringComparison.OrdinalIgnoreCase) =>
            "The store wants all parts but the last to have one size: stop the upload, and begin again with one -PartSize for all of "
                + "them.",
        _ when text.Contains("x-amz-tagging", StringComparison.OrdinalIgnoreCase) => "The store takes no tags: leave out -Tag.",
        _ when text.Contains("x-amz-acl", StringComparison.OrdinalIgnoreCase)
            || text.Contains("x-amz-grant", StringComparison.OrdinalIgnoreCase) =>
            "The store takes no ACLs: leave out -CannedACL and the grants.",
        _ when text.Contains("checksum", StringComparison.OrdinalIgnoreCase) => WithoutChecksums,
        "AccessDenied" => "The access key lacks a right in this bucket: to write objects, to list and abort uploads and to list parts, "
            + "and to read the source of a copy. Those who run the store, or its console, give it.",
        "InternalError" or "ServiceUnavailable" or "Busy" or "RequestTimeout" =>
            "The store failed on its side, or was not reached in time: try again later. If the error persists, the store's log says why.",
        "SlowDown" => "The store receives too many requests: try again later, or with a smaller -ThrottleLimit.",
        "NotImplemented" or "MethodNotAllowed" =>
            "The store does not know what the request asks for: leave out tags (-Tag), ACLs (-CannedACL, grants), object lock, encryption "
                + "or -NoClobber, and send the bytes instead of a copy on the server.",
        "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" =>
            "The store has another name for its Region: give with -Region the one in its configuration or its console.",
        "AllAccessDisabled" or "AccountProblem" => "Ask those who run the store about the account.",
        _ => null,
    };

    private static string ForCode(string errorCode) => errorCode switch
    {
        "NoSuchBucket" => "Check the bucket's name, and -EndpointUrl or -ProfileName: another account or store may have it.",
        "NoSuchUpload" => "List what is in progress with Get-S3MultipartUpload, or begin again with New-S3MultipartUpload.",
        "NoSuchKey" or "NoSuchVersion" or "NotFound" => "Check the bucket, the key (upper and lower case differ) and the version.",
        "AccessDenied" => "The caller needs s3:PutObject on the object, s3:AbortMultipartUpload to stop, s3:ListMultipartUploadParts and "
            + "s3:ListBucketMultipartUploads to list, and s3:GetObject on the source of a copy; a wrong "
            + "-ExpectedBucketOwner is refused so too.",
        "SignatureDoesNotMatch" => "The secret key does not belong to the access key: check -SecretKey, or the profile.",
        "InvalidAccessKeyId" => "The store does not know the access key: check -AccessKey or -ProfileName, and whether -EndpointUrl is the "
            + "store that they are for.",
        "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" =>
            "The temporary credentials have expired: renew them and run the same line again.",
        "RequestTimeTooSkewed" => "Set this machine's clock: S3 takes requests whose time is within 15 minutes of its own.",
        "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" =>
            "The bucket is in another Region: give that one with -Region.",
        "PreconditionFailed" =>
            "The condition requested does not hold: with -NoClobber an object has the key already, with an ETag it has another. The upload "
            + "and its parts stay in S3 until it is completed without the condition or stopped with Stop-S3MultipartUpload.",
        "ConditionalRequestConflict" =>
            "Another request changed the object meanwhile. Begin the upload again, and send every part again; "
            + "stop this one with Stop-S3MultipartUpload.",
        "BadDigest" or "XAmzContentSHA256Mismatch" => "The bytes changed on their way, or the file while it was read. Send them again; if "
            + "the error persists, check the disk, the memory and the proxy.",
        "InvalidPart" or "InvalidPartOrder" =>
            "What S3 holds is not what was to be completed: a part is missing, is another, or, where the store wants every part that it "
            + "holds in the object (Ceph does), there are more. Run the same line with -Resume; if the file is now smaller than what S3 "
            + "holds, stop the upload and begin again.",
        "EntityTooSmall" => "Every part but the last must have 5 MiB: begin again with a larger -PartSize.",
        "SlowDown" or "ServiceUnavailable" or "InternalError" or "Busy" or "RequestTimeout" =>
            "S3 is busy or was not reached in time: try again later, or with a smaller -ThrottleLimit.",
        "NotImplemented" or "MethodNotAllowed" =>
            "This store or bucket does not take the request: leave out what it does not know, or try -RequestChecksumCalculation "
                + "WhenRequired.",
        "EntityTooLarge" => "Use smaller parts, or several objects: the store has a limit below this size.",
        "KeyTooLongError" => "Shorten the key.",
        "AllAccessDisabled" or "AccountProblem" => "Ask AWS Support about the account.",
        "OperationAborted" => "Another operation on the bucket is under way: try again later.",
        "InvalidDigest" => "Report this to the maintainers of the module, with the request id.",
        _ => "The message is the store's own. What the code means is in the store's documentation; those who run it need the request "
            + "id.",
    };
}
