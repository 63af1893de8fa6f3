using System.Text.Json;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Errors;

namespace S3Multipart.Pipeline;

/// <summary>
/// A file of JSON lines, one for each input that has ended. Each line is written at once and whole, so that a run that is killed leaves a
/// report of just what has ended; the next run appends to it.
/// </summary>
internal sealed class RunReport : IDisposable
{
    private const string NotTried = "NotTried";

    private readonly FileStream _file;
    private readonly string _runId;
    private readonly MemoryStream _line = new();

    private RunReport(FileStream file, string runId)
    {
        _file = file;
        _runId = runId;
    }

    /// <summary>Opens a report to be appended to.</summary>
    internal static RunReport Open(string path, string runId)
    {
        FileStream? file = null;
        try
        {
            // Without a buffer of its own, so that a line is one write.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            bool isCutOff = file.Length > 0 && file.Seek(-1, SeekOrigin.End) >= 0 && file.ReadByte() != '\n';
            _ = file.Seek(0, SeekOrigin.End);
            if (isCutOff)
            {
                file.WriteByte((byte)'\n');
            }

            RunReport report = new(file, runId);
            file = null;
            return report;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw ParameterFailure.ReportNotWritable(path, e);
        }
        finally
        {
            file?.Dispose();
        }
    }

    internal void Write(FileSend send, CompletedUpload completed) => WriteLine(completed.Outcome, json =>
    {
        WriteFile(json, send);
        json.WriteNumber("size", completed.Size);
        json.WriteNumber("bytesSent", completed.BytesSent ?? 0);
        json.WriteNumber("bytesReused", completed.BytesReused ?? 0);
        json.WriteNumber("parts", completed.PartCount);
        json.WriteString("eTag", completed.ETag);
        json.WriteString("versionId", completed.VersionId);
        json.WriteString("checksumAlgorithm", completed.ChecksumAlgorithm);
        json.WriteString("checksum", completed.Checksum);
        json.WriteString("evidence", completed.Evidence);
    });

    /// <param name="send">The file.</param>
    /// <param name="failure">Why it was not sent.</param>
    /// <param name="isTried">False where it fails as others did before, and counts as not tried.</param>
    internal void Write(FileSend send, Exception failure, bool isTried) => WriteLine(isTried ? "Failed" : NotTried, json =>
    {
        WriteFile(json, send);
        WriteFailure(json, failure);
    });

    /// <summary>A file that was not tried, because what failed before holds for it as well.</summary>
    internal void WriteNotTried(string path, string bucketName, string key) => WriteLine(NotTried, json =>
    {
        json.WriteString("path", path);
        json.WriteString("bucketName", bucketName);
        json.WriteString("key", key);
    });

    /// <summary>A file or folder that could not even be begun.</summary>
    internal void Write(string path, Exception failure) => WriteLine("Failed", json =>
    {
        json.WriteString("path", path);
        WriteFailure(json, failure);
    });

    private static void WriteFile(Utf8JsonWriter json, FileSend send)
    {
        json.WriteString("path", send.Path);
        json.WriteString("bucketName", send.Input.BucketName);
        json.WriteString("key", send.Input.Key);
        json.WriteNumber("seconds", Math.Round(send.Elapsed.TotalSeconds, 3));
    }

    private static void WriteFailure(Utf8JsonWriter json, Exception failure)
    {
        json.WriteString("errorId", (failure as S3MultipartException)?.ErrorId ?? "UnexpectedFailure");
        json.WriteString("error", failure.Message);
        json.WriteString("requestId", (failure as S3ServiceException)?.RequestId);
    }

    public void Dispose()
    {
        _file.Dispose();
        _line.Dispose();
    }

    private void WriteLine(string outcome, Action<Utf8JsonWriter> rest)
    {
        _line.SetLength(0);
        using (Utf8JsonWriter json = new(_line))
        {
            json.WriteStartObject();
            json.WriteString("run", _runId);
            json.WriteString("time", DateTime.UtcNow);
            json.WriteString("outcome", outcome);
            rest(json);
            json.WriteEndObject();
        }

        _line.WriteByte((byte)'\n');
        try
        {
            // Another run may append to the same report.
            _ = _file.Seek(0, SeekOrigin.End);
            _file.Write(_line.GetBuffer(), 0, (int)_line.Length);
        }
        catch (IOException e)
        {
            throw ParameterFailure.ReportNotWritable(_file.Name, e);
        }
    }
}
