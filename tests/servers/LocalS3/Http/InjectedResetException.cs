namespace LocalS3.Http;

/// <summary>A fault has reset the connection, so that no response can be sent.</summary>
internal sealed class InjectedResetException : Exception
{
    public InjectedResetException() : base("The connection was reset by a fault.")
    {
    }
}
