using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Jarvis.Server.Events;

/// <summary>Hands stored rows to whoever follows. One who falls behind reads what was dropped from the store.</summary>
internal sealed class Followers
{
    private const int Ahead = 512;
    private const long FarBehind = 20_000;
    private readonly Lock _lock = new();
    private readonly List<Channel<EventRow>> _channels = [];
    private long? _told;

    /// <summary>Tells where the store stands. If that is earlier than before, it is another store: following ends.</summary>
    public void Begin(long lastId)
    {
        lock (_lock)
        {
            if (lastId < _told) foreach (var channel in _channels) channel.Writer.TryComplete();
            _told = lastId;
        }
    }

    public void Tell(List<EventRow> rows)
    {
        lock (_lock)
        {
            foreach (var channel in _channels)
            {
                foreach (var row in rows) channel.Writer.TryWrite(row);
            }
            _told = rows[^1].Id;
        }
    }

    public void End()
    {
        lock (_lock) foreach (var channel in _channels) channel.Writer.TryComplete();
    }

    /// <exception cref="FollowerLaggedException">It fell further behind than is worth replaying.</exception>
    public async IAsyncEnumerable<EventRow> FollowAsync(
        Func<long, CancellationToken, Task<IReadOnlyList<EventRow>>> since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // DropOldest, so that the newest is always there to show by its id that some went.
        var channel = Channel.CreateBounded<EventRow>(new BoundedChannelOptions(Ahead)
        {
            FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true,
        });
        long? known;
        lock (_lock)
        {
            _channels.Add(channel);
            known = _told;
        }
        try
        {
            await foreach (var row in channel.Reader.ReadAllAsync(cancellationToken))
            {
                var last = known ?? row.Id - 1;
                while (row.Id > last + 1)
                {
                    if (row.Id - last > FarBehind) throw new FollowerLaggedException(last);
                    var missed = await since(last, cancellationToken);
                    foreach (var each in missed.TakeWhile(m => m.Id < row.Id)) yield return each;
                    last = missed.Count == 0 ? row.Id - 1 : Math.Min(row.Id - 1, missed[^1].Id);
                }
                known = Math.Max(last, row.Id);
                if (row.Id > last) yield return row;
            }
        }
        finally
        {
            lock (_lock) _channels.Remove(channel);
        }
    }
}
