using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace S3Multipart.Benchmark;

/// <summary>Brings bytes from one socket to another, as many as are there.</summary>
internal interface IMover : IDisposable
{
    /// <summary>The number of bytes moved; 0 at the end.</summary>
    int Move();
}

internal static class Mover
{
    internal static IMover Between(Socket from, Socket to, int size) =>
        OperatingSystem.IsLinux() ? new Splicer(from, to, size) : new Copier(from, to, size);

    private sealed class Copier(Socket from, Socket to, int size) : IMover
    {
        private readonly byte[] _buffer = new byte[size];

        public int Move()
        {
            int count = from.Receive(_buffer);
            for (int sent = 0; sent < count;)
            {
                sent += to.Send(_buffer, sent, count - sent, SocketFlags.None);
            }

            return count;
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Linux hands the pages of one socket to the other through a pipe.</summary>
    private sealed class Splicer : IMover
    {
        private const int SetPipeSize = 1031;
        private const uint MovePages = 1;

        private readonly Socket _from;
        private readonly Socket _to;
        private readonly int _size;
        private readonly int[] _pipe = new int[2];

        internal Splicer(Socket from, Socket to, int size)
        {
            (_from, _to, _size) = (from, to, size);
            Check(pipe(_pipe));
            Check(fcntl(_pipe[1], SetPipeSize, 1 << 20));
        }

        public int Move()
        {
            int count = Check(splice((int)_from.Handle, 0, _pipe[1], 0, _size, MovePages));
            for (int sent = 0; sent < count;)
            {
                sent += Check(splice(_pipe[0], 0, (int)_to.Handle, 0, count - sent, MovePages));
            }

            return count;
        }

        public void Dispose()
        {
            _ = close(_pipe[0]);
            _ = close(_pipe[1]);
        }

        private static int Check(nint result) =>
            result >= 0 ? (int)result : throw new IOException($"error {Marshal.GetLastPInvokeError()} of the system");

        [DllImport("libc", SetLastError = true)]
        private static extern int pipe([Out] int[] ends);

        [DllImport("libc", SetLastError = true)]
        private static extern int fcntl(int file, int command, int argument);

        [DllImport("libc", SetLastError = true)]
        private static extern nint splice(int from, nint fromOffset, int to, nint toOffset, nint size, uint flags);

        [DllImport("libc", SetLastError = true)]
        private static extern int close(int file);
    }
}
