using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using LocalS3;
using LocalS3.Control;
using LocalS3.Faults;
using LocalS3.Operations;
using LocalS3.Operations.Shared;
using LocalS3.Serving;
using LocalS3.Signing;
using LocalS3.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

Options options;
try
{
    options = Options.Parse(args);
}
catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}

// Requests hash and write their bodies on pool threads, so that more threads than cores may wait for the disk.
ThreadPool.SetMinThreads(16, 16);
Directory.CreateDirectory(options.Root);
Certificates certificates = Certificates.Create(options.Root);
Credentials credentials = new();
FaultTable faults = new();
RuntimeSettings settings = new(options.DelayMs);
RequestLog log = new();
ServerContext context = new(
    new Store(options.Root, keepParts: !options.Discard), credentials, options.Discard, TimeSpan.FromSeconds(options.SessionSeconds));
RequestPipeline pipeline = new(
    new Router(context), new Authenticator(credentials), log,
    new ControlEndpoint(log, settings, faults, credentials), faults, settings, credentials, options.Store);

WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(Configure)
    .UseSockets(sockets => (sockets.MaxReadBufferSize, sockets.WaitForDataBeforeAllocatingBuffer) = (4 << 20, false));
// Registered last: UseSockets registers its own.
builder.Services.AddSingleton<IMemoryPoolFactory<byte>, LargeBlocks>();
await using WebApplication app = builder.Build();
app.Run(pipeline.InvokeAsync);
await app.StartAsync();

// The handlers are in place before "ready" is written, because a signal may follow at once.
TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
if (options.ExitWithStdin)
    new Thread(EndWithStdin) { IsBackground = true }.Start();

ICollection<string> addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
foreach (string address in addresses.OrderBy(a => a.StartsWith("https", StringComparison.Ordinal)))
    Console.WriteLine(address);
int tlsPort = new Uri(addresses.Single(a => a.StartsWith("https", StringComparison.Ordinal))).Port;
using ConnectProxy proxy = new(tlsPort);
Console.WriteLine($"proxy {proxy.Start()}");
Console.WriteLine("ready");
await Console.Out.FlushAsync();

await Task.WhenAny(ended.Task, Task.Delay(TimeSpan.FromSeconds(options.MaxSeconds)));
using CancellationTokenSource shutdown = new(TimeSpan.FromSeconds(2));
await app.StopAsync(shutdown.Token);
return 0;

void Configure(KestrelServerOptions kestrel)
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = null;
    kestrel.Limits.MinRequestBodyDataRate = null;
    kestrel.Limits.MinResponseDataRate = null;
    kestrel.Limits.MaxRequestLineSize = 64 * 1024;
    kestrel.Limits.MaxRequestHeadersTotalSize = 128 * 1024;
    kestrel.Limits.MaxRequestBufferSize = 4 << 20;
    kestrel.Limits.MaxRequestHeaderCount = 1000;
    kestrel.ResponseHeaderEncodingSelector = _ => Encoding.UTF8;
    kestrel.Listen(IPAddress.Loopback, options.UsesWellKnownPorts ? 80 : 0, listen => listen.Protocols = HttpProtocols.Http1);
    kestrel.Listen(IPAddress.Loopback, options.UsesWellKnownPorts ? 443 : 0, listen =>
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = context => ValueTask.FromResult(certificates.ForHost(context.ClientHelloInfo.ServerName)),
        });
    });
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ended.TrySetResult();
}

void EndWithStdin()
{
    using Stream input = Console.OpenStandardInput();
    byte[] buffer = new byte[256];
    while (input.Read(buffer) > 0)
    {
    }
    ended.TrySetResult();
}
