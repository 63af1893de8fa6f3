using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using FaultProxy;

JsonSerializerOptions json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
if (args is not ["--to", { } port])
{
    await Console.Error.WriteLineAsync("FaultProxy --to PORT");
    return 2;
}

int serverPort = int.Parse(port, CultureInfo.InvariantCulture);
FaultTable table = new();
using TcpListener listener = new(IPAddress.Loopback, 0);
listener.Start(512);
Console.WriteLine($"http://{listener.LocalEndpoint}");
_ = AcceptAsync();

// It is steered by lines of JSON on its standard input, each answered by one, and ends with whoever holds that.
while (await Console.In.ReadLineAsync() is { } line)
{
    object answer;
    try
    {
        answer = Obey(JsonSerializer.Deserialize<Command>(line, json) ?? new Command());
    }
    catch (Exception error) when (error is JsonException or ArgumentException)
    {
        answer = new { Error = error.Message };
    }
    Console.WriteLine(JsonSerializer.Serialize(answer, json));
}
return 0;

async Task AcceptAsync()
{
    while (true)
    {
        Socket client = await listener.AcceptSocketAsync();
        _ = Task.Run(new Connection(client, serverPort, table).RunAsync);
    }
}

object Obey(Command command)
{
    if (command.Rules is { } rules)
    {
        if (!rules.TrueForAll(r => r.IsValid))
            throw new ArgumentException($"A rule is not valid; the actions are {string.Join(", ", FaultRule.Actions)}.");
        table.Set(rules);
    }
    if (command.Release)
        table.Release();
    if (command.Cut)
        table.Cut();
    return table.Report();
}

/// <summary>What one line on standard input asks for.</summary>
internal sealed record Command
{
    public List<FaultRule>? Rules { get; init; }
    public bool Release { get; init; }
    public bool Cut { get; init; }
}
