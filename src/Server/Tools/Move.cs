using Jarvis.Proxmox.Wire;
using Jarvis.Safety;

namespace Jarvis.Server.Tools;

/// <summary>What is done to a guest's running: in which states it can be, and what it leads to.</summary>
internal sealed record Move(string Verb, string From, string To, string? Warning, string? Undo)
{
    private const string Running = "running";
    private const string Stopped = "stopped";
    private const string Paused = "paused";

    /// <summary>The lock of a hibernated VM, whose memory is on a disk; to start it is to let it go on.</summary>
    public const string Hibernated = "suspended";

    /// <summary>It can be done to a paused VM, too.</summary>
    public bool TakesPaused { get; init; }

    public static Move Start { get; } = new("starts", Stopped, Running, null, "shut it down");

    public static Move ShutDown { get; } = new("is asked to shut down", Running, Stopped, null, "start it");

    public static Move Stop { get; } = new("is stopped hard", Running, Stopped, "The plug is pulled: what the guest has not written is lost.", "start it") { TakesPaused = true };

    public static Move Restart { get; } = new("is shut down and started again", Running, Running, "It is away for a moment.", null);

    public static Move Suspend { get; } = new("is paused in memory", Running, Paused, "It stands still until it is resumed.", "resume it");

    public static Move Resume { get; } = new("goes on", Paused, Running, null, "suspend it");

    /// <summary>A shutdown that gives the guest so long, and then pulls the plug or gives up; high availability never gives up.</summary>
    public static Move ShutDownWithin(int seconds, bool force, bool managed) => force
        ? ShutDown with { Verb = "is asked to shut down, and stopped hard when it does not", Warning = $"When it has not shut down after {seconds} s the plug is pulled: what it has not written then is lost.", TakesPaused = true }
        : managed ? ShutDown with { Warning = $"THE PLUG IS PULLED when it has not shut down after {seconds} s, although that was not asked for: it is under high availability, which stops its guests so. What it has not written then is lost." }
        : ShutDown;

    /// <exception cref="WrongStateException">It cannot be done to a guest as this one is.</exception>
    public Plan Plan(Reached to, GuestStatus now)
    {
        if (now.Template is true) throw new WrongStateException($"{to.Called} is a template and cannot run.");
        var state = StateOf(now);
        var (hibernated, paused) = (state == Stopped && now.Lock == Hibernated, state == Paused && From == Running && TakesPaused);
        if (hibernated && From != Stopped) throw new WrongStateException($"{to.Called} is hibernated; start it to let it go on.");
        if (state == Paused && From == Running && To != Paused && !paused) throw new WrongStateException($"{to.Called} is paused and hears nothing; resume it first, or stop it hard.");
        if (state != From && !paused) throw new WrongStateException($"{to.Called} is {state}; it must be {From} for this.");
        if (now.Lock is { } held && !hibernated) throw new WrongStateException($"{to.Called} is locked ({held}): something is being done to it.");
        return new()
        {
            Summary = $"{to.Called} {Verb}.",
            Changes = From == To ? [] : [new("status", state, To)],
            Warnings =
            [
                .. paused && this != Stop ? (string[])["It is paused and hears nothing: the plug is pulled at once, and what it has not written is lost."] : Warning is null ? [] : (string[])[Warning],
                .. hibernated ? (string[])["It is hibernated: it goes on where it stood."] : [],
                .. to.Guest.HaState is { } ha && To == Stopped ? (string[])[$"High availability looks after it ({ha}): it is told to leave it stopped."] : [],
            ],
            Undo = Undo,
        };
    }

    public static bool IsPaused(GuestStatus now) => now.QmpStatus is "paused" or "suspended" && now.Status == Running;

    public static string StateOf(GuestStatus now) => IsPaused(now) ? Paused : now.Status ?? "unknown";
}
