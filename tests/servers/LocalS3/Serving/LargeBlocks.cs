using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace LocalS3.Serving;

/// <summary>
/// Blocks of 64 KiB for the connections. Kestrel receives into one block at a time, and with its own of 4 KiB the system calls would cost
/// more than everything else that is done with a part.
/// </summary>
internal sealed class LargeBlocks : IMemoryPoolFactory<byte>
{
    private const int BlockSize = 64 * 1024;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        private readonly ConcurrentQueue<Block> _free = new();

        public override int MaxBufferSize => BlockSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
            Block block = _free.TryDequeue(out Block? free) ? free : new Block(this);
            block.Rented = true;
            return block;
        }

        protected override void Dispose(bool disposing) => _free.Clear();

        private sealed class Block(Pool pool) : IMemoryOwner<byte>
        {
            public bool Rented { get; set; }

            public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

            public void Dispose()
            {
                if (!Rented)
                    return;
                Rented = false;
                pool._free.Enqueue(this);
            }
        }
    }
}
