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

// Each command is a line of JSON on standard input and gets a line in response. The proxy ends when its standard input does.
while (await Console.In.ReadLineAsync() is { } line)
{
    object response;
    try
    {
        response = Execute(JsonSerializer.Deserialize<Command>(line, json) ?? new Command());
    }
    catch (Exception error) when (error is JsonException or ArgumentException)
    {
        response = new { Error = error.Message };
    }
    Console.WriteLine(JsonSerializer.Serialize(response, json));
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

object Execute(Command command)
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
        table.ResetConnections();
    return table.Report();
}

/// <summary>A command on standard input; without a property it only requests the report.</summary>
internal sealed record Command
{
    public List<FaultRule>? Rules { get; init; }
    public bool Release { get; init; }
    public bool Cut { get; init; }
}
