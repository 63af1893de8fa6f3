using System.Globalization;

namespace S3Multipart.Aws.Requests;

/// <summary>A page of a list, of which nothing is believed that it does not say.</summary>
internal sealed class ListedAnswer
{
    private readonly string _target;

    internal ListedAnswer(S3Answer answer, string target, string name, params ReadOnlySpan<(string Name, string? Text)> repeated)
    {
        _target = target;
        Root = answer.Document(name, repeated) ?? throw AwsFailure.AnswerInvalid(target, $"it is no {name}");
    }

    internal AnswerElement Root { get; }

    internal bool IsTruncated => Root.Text("IsTruncated") == "true";

    internal IEnumerable<AnswerElement> Elements(string name) => Root.Children.Where(child => child.Name == name);

    internal string Required(AnswerElement element, string name) =>
        element.Text(name) ?? throw AwsFailure.AnswerInvalid(_target, $"a {element.Name} has no {name}");

    /// <summary>A text that goes back to S3 as it came.</summary>
    internal string RequiredExact(AnswerElement element, string name) =>
        element.Exact(name) ?? throw AwsFailure.AnswerInvalid(_target, $"a {element.Name} has no {name}");

    internal long Number(AnswerElement element, string name, long least, long most) =>
        long.TryParse(Required(element, name), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && number >= least && number <= most
            ? number
            : throw AwsFailure.AnswerInvalid(_target, $"the {name} of a {element.Name} is not one of S3");

    internal DateTime? Date(AnswerElement element, string name)
    {
        string? text = element.Text(name);
        return text is null ? null
            : DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal,
                out DateTime date) ? date
            : throw AwsFailure.AnswerInvalid(_target, $"the {name} of a {element.Name} is no time");
    }
}
