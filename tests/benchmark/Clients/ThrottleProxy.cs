using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace S3Multipart.Benchmark;

/// <summary>
/// A loopback relay that gives each connection what S3 gives it: so many bytes a second upwards, and each response some time later.
/// One thread for each direction of a connection; where it can, bytes are moved and not copied, to leave the processor to the client.
/// </summary>
internal static class ThrottleProxy
{
    private const int ChunkSize = 256 * 1024;

    internal static void Run(string[] args)
    {
        int to = 0;
        long rate = 90_000_000;
        int delay = 30;
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            string value = args[i + 1];
            switch (args[i])
            {
                case "--to": to = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--rate": rate = UploadOptions.Size(value); break;
                case "--delay-ms": delay = int.Parse(value, CultureInfo.InvariantCulture); break;
                default: throw new ArgumentException($"Unknown option {args[i]}.");
            }
        }

        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        Console.WriteLine($"port {((IPEndPoint)listener.LocalEndPoint!).Port}");

        // It ends with whoever started it.
        Start(() =>
        {
            while (Console.Read() >= 0)
            {
            }

            Environment.Exit(0);
        });
        while (true)
        {
            Socket client = listener.Accept();
            Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            client.NoDelay = true;
            server.Connect(IPAddress.Loopback, to);
            Start(() => Upwards(client, server, rate));
            Start(() => Downwards(server, client, delay));
        }
    }

    private static void Start(Action relay)
    {
        Thread thread = new(() =>
        {
            try
            {
                relay();
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
            {
                // Either side may leave at any time; the other is then told so below.
            }
        }, maxStackSize: 256 * 1024);
        thread.IsBackground = true;
        thread.Start();
    }

    private static void Upwards(Socket from, Socket to, long rate)
    {
        using IMover mover = Mover.Between(from, to, ChunkSize);
        double due = 0;
        long begun = Stopwatch.GetTimestamp();
        while (mover.Move() is > 0 and int count)
        {
            // A connection that was idle does not catch up on more than the 5 ms by which a thread may oversleep.
            double now = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            due = Math.Max(due, now - 0.005) + ((double)count / rate);
            if (due - now > 0.001)
            {
                Thread.Sleep(TimeSpan.FromSeconds(due - now));
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private static void Downwards(Socket from, Socket to, int delay)
    {
        using (from)
        using (to)
        {
            byte[] buffer = new byte[64 * 1024];
            while (from.Receive(buffer) is > 0 and int count)
            {
                Thread.Sleep(delay);
                to.Send(buffer, 0, count, SocketFlags.None);
            }
        }
    }
}
