using System.Globalization;
using System.Management.Automation.Host;

namespace S3Multipart.TestTools;

/// <summary>A host of PowerShell whose user is a script: it answers prompts with one text, and questions with the given choices.</summary>
/// <param name="text">What each prompt for a text is answered with.</param>
/// <param name="choices">The labels that questions are answered with, in their order.</param>
public sealed class AnsweringHost(string text, string[] choices) : PSHost
{
    private readonly AnsweringUI _ui = new(text, choices);

    /// <summary>What was asked.</summary>
    public AnsweringUI Asked => _ui;

    /// <inheritdoc/>
    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    /// <inheritdoc/>
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public override string Name => nameof(AnsweringHost);

    /// <inheritdoc/>
    public override PSHostUserInterface UI => _ui;

    /// <inheritdoc/>
    public override Version Version { get; } = new(1, 0);

    /// <inheritdoc/>
    public override void EnterNestedPrompt()
    {
    }

    /// <inheritdoc/>
    public override void ExitNestedPrompt()
    {
    }

    /// <inheritdoc/>
    public override void NotifyBeginApplication()
    {
    }

    /// <inheritdoc/>
    public override void NotifyEndApplication()
    {
    }

    /// <inheritdoc/>
    public override void SetShouldExit(int exitCode)
    {
    }
}
