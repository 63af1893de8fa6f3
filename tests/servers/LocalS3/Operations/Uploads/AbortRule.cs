using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Uploads;

/// <summary>The lifecycle rule that would abort an upload: nothing is aborted here, but clients are told the date.</summary>
internal static class AbortRule
{
    public static LifecycleRule? Find(Bucket bucket, string key) => bucket.IsDirectory ? null : bucket.Record.LifecycleRules
        .Where(r => r.Enabled && r.AbortAfterDays is not null && key.StartsWith(r.Prefix, StringComparison.Ordinal))
        .MinBy(r => r.AbortAfterDays);

    public static void WriteHeaders(S3Response response, UploadRecord record)
    {
        if (record.AbortDate is { } date)
        {
            response.Set("x-amz-abort-date", Dates.Http(date));
            response.Set("x-amz-abort-rule-id", record.AbortRuleId);
        }
    }
}
