using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Headers;

/// <summary>Reads and writes x-amz-object-lock-*, and enforces the locks.</summary>
internal static class LockHeaders
{
    private const string ModeHeader = "x-amz-object-lock-mode";
    private const string DateHeader = "x-amz-object-lock-retain-until-date";
    private const string HoldHeader = "x-amz-object-lock-legal-hold";

    public static (string? Mode, DateTime? Until, string? Hold) Read(S3Request request, BucketRecord bucket)
    {
        string? mode = request.Header(ModeHeader), date = request.Header(DateHeader), hold = request.Header(HoldHeader);
        if (mode is null && date is null && hold is null)
            return default;
        if (!bucket.ObjectLock)
            throw S3Errors.InvalidRequest("Bucket is missing ObjectLockConfiguration");
        if (mode is null != date is null)
        {
            throw S3Errors.InvalidArgument("x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied.",
                mode is null ? ModeHeader : DateHeader, "");
        }
        if (mode is not (null or "GOVERNANCE" or "COMPLIANCE"))
            throw S3Errors.InvalidArgument("Unknown wormMode directive.", ModeHeader, mode);
        if (hold is not (null or "ON" or "OFF"))
            throw S3Errors.InvalidArgument("Legal Hold must be either of 'ON' or 'OFF'", HoldHeader, hold);
        return (mode, date is null ? null : ReadDate(date), hold);
    }

    public static void RequireDigest(ObjectInputs inputs, bool hasDigest, string what)
    {
        if (inputs.HasObjectLock && !hasDigest)
        {
            throw S3Errors.InvalidRequest(
                $"Content-MD5 OR x-amz-checksum- HTTP header is required for Put {what} requests with Object Lock parameters");
        }
    }

    public static void Write(S3Response response, ObjectInputs inputs)
    {
        response.Set(ModeHeader, inputs.LockMode);
        response.Set(DateHeader, inputs.RetainUntil is { } until ? XmlText.Timestamp(until) : null);
        response.Set(HoldHeader, inputs.LegalHold);
    }

    public static S3Response ToRetentionResponse(ObjectInputs inputs)
    {
        if (inputs.LockMode is null)
            throw NoConfiguration();
        return S3Response.Xml(new XmlText().OpenRoot("Retention").Element("Mode", inputs.LockMode)
            .Element("RetainUntilDate", inputs.RetainUntil!.Value).Close("Retention"));
    }

    public static S3Response ToLegalHoldResponse(ObjectInputs inputs)
    {
        if (inputs.LegalHold is null)
            throw NoConfiguration();
        return S3Response.Xml(new XmlText().OpenRoot("LegalHold").Element("Status", inputs.LegalHold).Close("LegalHold"));
    }

    public static void CheckDeletable(ObjectVersion version)
    {
        ObjectInputs inputs = version.Inputs;
        bool retained = inputs.LockMode is not null && inputs.RetainUntil > DateTime.UtcNow;
        if (retained || inputs.LegalHold == "ON")
            throw S3Errors.AccessDenied("Access Denied because object protected by object lock.");
    }

    private static DateTime ReadDate(string text)
    {
        DateTime? read = text.Contains('T', StringComparison.Ordinal) ? Dates.Any(text) : null;
        if (read is not { } date)
            throw S3Errors.InvalidArgument("The retain until date must be provided in ISO 8601 format", DateHeader, text);
        if (date <= DateTime.UtcNow)
            throw S3Errors.InvalidArgument("The retain until date must be in the future!", DateHeader, text);
        return date;
    }

    private static S3Exception NoConfiguration() =>
        new("NoSuchObjectLockConfiguration", 404, "The specified object does not have a ObjectLock configuration");
}
