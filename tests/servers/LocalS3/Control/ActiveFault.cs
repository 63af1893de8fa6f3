namespace LocalS3.Control;

/// <summary>A fault that has struck this request.</summary>
internal sealed class ActiveFault
{
}
