using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using S3Multipart.Transfer.Checksums;

namespace S3Multipart.Benchmark;

/// <summary>The least that .NET can do: Create, parts and Complete by a plain HttpClient, with no retries, records or progress.</summary>
internal sealed class FloorClient(UploadOptions options) : IDisposable
{
    private readonly SignedHttp _http = new(options.Endpoint);
    private readonly SemaphoreSlim _gate = new(options.Throttle);

    internal async Task RunAsync()
    {
        if (options.Stream is { } path)
        {
            await SendStreamAsync(path);
        }
        else
        {
            ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Throttle };
            Func<string, Task> send = options.IsPut ? PutFileAsync : SendFileAsync;
            await Parallel.ForEachAsync(options.Files, parallel, async (file, _) => await send(file));
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _gate.Dispose();
    }

    /// <summary>One request, with the checksum ahead of the bytes, which are read at once.</summary>
    private async Task PutFileAsync(string path)
    {
        byte[] bytes = await File.ReadAllBytesAsync(path);
        using BufferContent content = new(bytes);
        using HttpResponseMessage response = await _http.SendAsync(
            HttpMethod.Put, $"/{options.Bucket}/{Path.GetFileName(path)}", "", content,
            ("x-amz-checksum-crc64nvme", Crc.Crc64Nvme.ToBase64(Crc.Crc64Nvme.Of(bytes))));
    }

    private async Task SendFileAsync(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        long length = RandomAccess.GetLength(file);
        string target = $"/{options.Bucket}/{Path.GetFileName(path)}";
        string id = await GatedAsync(() => CreateAsync(target));
        Part[] parts = new Part[Math.Max(1, (length + options.PartSize - 1) / options.PartSize)];
        Task[] tasks = new Task[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            await _gate.WaitAsync();
            tasks[i] = SendPartAsync(i);
        }

        await Task.WhenAll(tasks);
        await GatedAsync(() => CompleteAsync(target, id, parts));

        async Task SendPartAsync(int i)
        {
            try
            {
                long offset = i * options.PartSize;
                long size = Math.Min(options.PartSize, length - offset);
                SliceContent content = new(file, offset, size);
                string etag = await UploadPartAsync(target, id, i + 1, content);
                parts[i] = new Part(etag, content.Crc, size);
            }
            finally
            {
                _gate.Release();
            }
        }
    }

    private async Task SendStreamAsync(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        string target = $"/{options.Bucket}/{UploadOptions.StreamKey}";
        string id = await CreateAsync(target);
        ConcurrentBag<byte[]> buffers = [];
        List<Task<Part>> tasks = [];
        for (int count = int.MaxValue; count != 0;)
        {
            await _gate.WaitAsync();
            byte[] buffer = buffers.TryTake(out byte[]? used) ? used : GC.AllocateUninitializedArray<byte>((int)options.PartSize);
            count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            if (count > 0)
            {
                tasks.Add(SendPartAsync(tasks.Count + 1, buffer, count));
            }
        }

        await CompleteAsync(target, id, await Task.WhenAll(tasks));

        async Task<Part> SendPartAsync(int number, byte[] buffer, int count)
        {
            await Task.Yield();
            try
            {
                ulong crc = Crc.Crc64Nvme.Of(buffer.AsSpan(0, count));
                return new Part(await UploadPartAsync(target, id, number, new BufferContent(buffer.AsMemory(0, count))), crc, count);
            }
            finally
            {
                buffers.Add(buffer);
                _gate.Release();
            }
        }
    }

    private async Task<T> GatedAsync<T>(Func<Task<T>> request)
    {
        await _gate.WaitAsync();
        try
        {
            return await request();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<string> CreateAsync(string target)
    {
        using HttpResponseMessage response = await _http.SendAsync(
            HttpMethod.Post, target, "uploads=", null, ("x-amz-checksum-algorithm", "CRC64NVME"), ("x-amz-checksum-type", "FULL_OBJECT"));
        string text = await response.Content.ReadAsStringAsync();
        int start = text.IndexOf("<UploadId>", StringComparison.Ordinal) + "<UploadId>".Length;
        return Uri.EscapeDataString(text[start..text.IndexOf('<', start)]);
    }

    private async Task<string> UploadPartAsync(string target, string id, int number, HttpContent content)
    {
        using HttpResponseMessage response = await _http.SendAsync(HttpMethod.Put, target, $"partNumber={number}&uploadId={id}", content);
        return response.Headers.ETag!.Tag;
    }

    private async Task<bool> CompleteAsync(string target, string id, Part[] parts)
    {
        StringBuilder xml = new("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        ulong crc = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<Part><PartNumber>{i + 1}</PartNumber><ETag>{parts[i].ETag}</ETag></Part>");
            crc = Crc.Crc64Nvme.Combine(crc, parts[i].Crc, parts[i].Size);
        }

        xml.Append("</CompleteMultipartUpload>");
        using StringContent content = new(xml.ToString());
        using HttpResponseMessage response = await _http.SendAsync(
            HttpMethod.Post, target, $"uploadId={id}", content, ("x-amz-checksum-crc64nvme", Crc.Crc64Nvme.ToBase64(crc)));
        string text = await response.Content.ReadAsStringAsync();
        return text.Contains("<Error", StringComparison.Ordinal) ? throw new HttpRequestException(text) : true;
    }

    private readonly record struct Part(string ETag, ulong Crc, long Size);
}
