namespace Jarvis.Server.Cluster;

/// <summary>Keeps what watching costs Proxmox, and what people look at, within max(5, 2 + nodes) calls per 10 s, in the mean of a
/// minute. The fixed reads are counted as they happen; reads that can wait ask first, and give way to people. What somebody wants
/// done costs what it must, and is not counted.</summary>
internal sealed class CallBudget(TimeProvider clock)
{
    private const int Slots = 6;
    private const int SlotSeconds = 10;

    private readonly AsyncLocal<bool> _acting = new();
    private readonly (long Slot, int Calls)[] _window = new (long, int)[Slots];
    private readonly Lock _gate = new();
    private long _refused = -Slots;

    /// <summary>The calls of this async method, and of those that it calls, are for what somebody wants done.</summary>
    public void Act() => _acting.Value = true;

    public void Count()
    {
        if (_acting.Value) return;
        lock (_gate)
        {
            var slot = Now();
            ref var entry = ref _window[slot % Slots];
            entry = entry.Slot == slot ? (slot, entry.Calls + 1) : (slot, 1);
        }
    }

    public int LastMinute
    {
        get
        {
            lock (_gate)
            {
                var slot = Now();
                return _window.Sum(e => e.Slot > slot - Slots ? e.Calls : 0);
            }
        }
    }

    /// <summary>Somebody who looked was refused within the minute: what can wait does.</summary>
    public bool GivesWay => Now() - Volatile.Read(ref _refused) < Slots;

    /// <summary>How many calls that can wait fit beside the fixed ones, for the next 10 s.</summary>
    public int Spare(int nodes, int fixedPerSlot)
    {
        var allowed = Math.Max(5, 2 + nodes);
        return GivesWay ? 0 : Math.Clamp((allowed * Slots) - LastMinute - fixedPerSlot, 0, Math.Max(0, allowed - fixedPerSlot));
    }

    /// <summary>Whether somebody who looks may ask now, beside all that was asked within the minute.</summary>
    public bool MayAsk(int nodes, int calls = 1)
    {
        if (LastMinute + calls <= Math.Max(5, 2 + nodes) * Slots) return true;
        Volatile.Write(ref _refused, Now());
        return false;
    }

    private long Now() => (long)clock.GetElapsedTime(0).TotalSeconds / SlotSeconds;
}
