using System.Globalization;

namespace S3Multipart.Aws.Requests;

/// <summary>A page of a list, read strictly: what it must say and does not is a failure.</summary>
internal sealed class ListResponse
{
    private readonly string _target;

    internal ListResponse(S3Response response, string target, string name, params ReadOnlySpan<(string Name, string? Text)> repeated)
    {
        _target = target;
        Root = response.Document(name, repeated) ?? throw AwsFailure.ResponseInvalid(target, $"it is no {name}");
    }

    internal ResponseElement Root { get; }

    internal bool IsTruncated => Root.Text("IsTruncated") == "true";

    internal IEnumerable<ResponseElement> Elements(string name) => Root.Children.Where(child => child.Name == name);

    internal string Required(ResponseElement element, string name) =>
        element.Text(name) ?? throw AwsFailure.ResponseInvalid(_target, $"a {element.Name} has no {name}");

    /// <summary>A text that goes back to S3 as it came.</summary>
    internal string RequiredExact(ResponseElement element, string name) =>
        element.Exact(name) ?? throw AwsFailure.ResponseInvalid(_target, $"a {element.Name} has no {name}");

    internal long Number(ResponseElement element, string name, long least, long most) =>
        long.TryParse(Required(element, name), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && number >= least && number <= most
            ? number
            : throw AwsFailure.ResponseInvalid(_target, $"the {name} of a {element.Name} is not one of S3");

    internal DateTime? Date(ResponseElement element, string name)
    {
        string? text = element.Text(name);
        return text is null ? null
            : DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal,
                out DateTime date) ? date
            : throw AwsFailure.ResponseInvalid(_target, $"the {name} of a {element.Name} is no time");
    }
}
