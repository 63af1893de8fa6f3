using S3Multipart.Aws.Requests;
using S3Multipart.Core.Engine;

namespace S3Multipart.Aws.Operations;

/// <summary>Reads of a bucket's lifecycle what concerns uploads in progress.</summary>
internal static class LifecycleXml
{
    /// <summary>The rules that abort; null where a rule is not one of S3, as those of Google Cloud Storage are not.</summary>
    internal static AbortRules? Read(ResponseElement lifecycle)
    {
        List<ResponseElement> rules = [.. lifecycle.Children.Where(child => child.Name == "Rule")];
        return rules.TrueForAll(rule => rule.Text("Status") is not null)
            ? new AbortRules([.. rules.Where(IsForUploads).Select(PrefixOf).OfType<string>()])
            : null;
    }

    private static bool IsForUploads(ResponseElement rule) =>
        rule.Text("Status") == "Enabled" && rule.Child("AbortIncompleteMultipartUpload")?.Text("DaysAfterInitiation") is not null;

    /// <summary>
    /// What keys begin with that a rule is for; null for a rule with a condition that an upload does not show, such as a tag or a size.
    /// A rule without a filter may have a prefix of its own, as all rules had once.
    /// </summary>
    private static string? PrefixOf(ResponseElement rule)
    {
        if (rule.Child("Filter") is not { } filter)
        {
            return rule.Exact("Prefix") ?? "";
        }

        ResponseElement conditions = filter.Child("And") ?? filter;
        return conditions.Children.All(condition => condition.Name == "Prefix") ? conditions.Exact("Prefix") ?? "" : null;
    }
}
