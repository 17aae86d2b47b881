using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Jarvis.Server.Events;

/// <summary>Hands stored rows to whoever follows. One who falls behind reads what was dropped from the store.</summary>
internal sealed class Followers
{
    private const int Ahead = 512;
    private const long FarBehind = 20_000;
    private ImmutableArray<Channel<EventRow>> _channels = [];

    public void Tell(List<EventRow> rows)
    {
        foreach (var channel in _channels)
        {
            foreach (var row in rows) channel.Writer.TryWrite(row);
        }
    }

    public void End()
    {
        foreach (var channel in _channels) channel.Writer.TryComplete();
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
        ImmutableInterlocked.Update(ref _channels, (all, mine) => all.Add(mine), channel);
        try
        {
            long? last = null;
            await foreach (var row in channel.Reader.ReadAllAsync(cancellationToken))
            {
                while (last is { } known && row.Id > known + 1)
                {
                    if (row.Id - known > FarBehind) throw new FollowerLaggedException(known);
                    var missed = await since(known, cancellationToken);
                    foreach (var each in missed.TakeWhile(m => m.Id < row.Id)) yield return each;
                    last = missed.Count == 0 ? row.Id - 1 : Math.Min(row.Id - 1, missed[^1].Id);
                }
                if (row.Id <= last) continue;
                last = row.Id;
                yield return row;
            }
        }
        finally
        {
            ImmutableInterlocked.Update(ref _channels, (all, mine) => all.Remove(mine), channel);
        }
    }
}
