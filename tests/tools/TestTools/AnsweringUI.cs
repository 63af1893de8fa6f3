using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace S3Multipart.TestTools;

/// <summary>The user of an <see cref="AnsweringHost"/>; what is written to it is dropped.</summary>
public sealed class AnsweringUI : PSHostUserInterface
{
    private readonly List<string> _prompts = [];
    private readonly List<int> _threads = [];
    private readonly List<string> _questions = [];
    private readonly Queue<string> _choices;
    private readonly string _text;

    internal AnsweringUI(string text, IEnumerable<string> choices)
    {
        _text = text;
        _choices = new Queue<string>(choices);
    }

    /// <summary>The prompts so far: their captions and texts.</summary>
    public IReadOnlyList<string> Prompts => _prompts;

    /// <summary>The thread that each prompt came from.</summary>
    public IReadOnlyList<int> Threads => _threads;

    /// <summary>The questions so far: their captions and texts.</summary>
    public IReadOnlyList<string> Questions => _questions;

    /// <inheritdoc/>
    public override PSHostRawUserInterface? RawUI => null;

    /// <inheritdoc/>
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        _prompts.Add(caption + ": " + message);
        _threads.Add(Environment.CurrentManagedThreadId);
        SecureString secret = new();
        foreach (char one in _text)
        {
            secret.AppendChar(one);
        }

        return new() { [descriptions[0].Name] = PSObject.AsPSObject(secret) };
    }

    /// <inheritdoc/>
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        _questions.Add(caption + " " + message);
        string label = _choices.Dequeue();
        List<string> labels = [.. choices.Select(choice => choice.Label.Replace("&", "", StringComparison.Ordinal))];
        return labels.IndexOf(label) is >= 0 and int found ? found : throw new InvalidOperationException("There is no choice " + label);
    }

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override string ReadLine() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(string value)
    {
    }

    /// <inheritdoc/>
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
    }

    /// <inheritdoc/>
    public override void WriteDebugLine(string message)
    {
    }

    /// <inheritdoc/>
    public override void WriteErrorLine(string value)
    {
    }

    /// <inheritdoc/>
    public override void WriteLine(string value)
    {
    }

    /// <inheritdoc/>
    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    /// <inheritdoc/>
    public override void WriteVerboseLine(string message)
    {
    }

    /// <inheritdoc/>
    public override void WriteWarningLine(string message)
    {
    }
}
