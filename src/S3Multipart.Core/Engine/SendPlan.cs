namespace S3Multipart.Core.Engine;

/// <summary>What sending a file would do.</summary>
/// <param name="Outcome">Uploaded, or Resumed where an upload in progress would be continued.</param>
/// <param name="PartCount">How many parts would be sent; 0 for a file that goes by one request.</param>
/// <param name="BytesSent">How many bytes would be sent.</param>
/// <param name="BytesReused">How many bytes S3 holds already.</param>
/// <param name="Requests">How many requests would follow those that found this out, if none is sent again.</param>
internal sealed record SendPlan(string Outcome, int PartCount, long BytesSent, long BytesReused, int Requests);
