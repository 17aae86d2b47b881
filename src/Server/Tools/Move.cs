using Jarvis.Proxmox.Wire;
using Jarvis.Safety;

namespace Jarvis.Server.Tools;

/// <summary>What is done to a guest's running: in which states it can be, and what it leads to.</summary>
internal sealed record Move(string Verb, string From, string To, string? Warning, string? Undo)
{
    private const string Running = "running";
    private const string Stopped = "stopped";
    private const string Paused = "paused";

    public static Move Start { get; } = new("starts", Stopped, Running, null, "shut it down");

    public static Move ShutDown { get; } = new("is asked to shut down", Running, Stopped, null, "start it");

    public static Move Stop { get; } = new("is stopped hard", Running, Stopped, "The plug is pulled: what the guest has not written is lost.", "start it");

    public static Move Restart { get; } = new("is shut down and started again", Running, Running, "It is away for a moment.", null);

    public static Move Suspend { get; } = new("is paused in memory", Running, Paused, "It stands still until it is resumed.", "resume it");

    public static Move Resume { get; } = new("goes on", Paused, Running, null, "suspend it");

    /// <exception cref="WrongStateException">It cannot be done to a guest as this one is.</exception>
    public Plan Plan(Reached to, GuestStatus now)
    {
        if (now.Template is true) throw new WrongStateException($"{to.Called} is a template and cannot run.");
        var state = StateOf(now);
        // A paused VM can be stopped as a running one.
        if (state != From && !(From == Running && To == Stopped && state == Paused)) throw new WrongStateException($"{to.Called} is {state}; it must be {From} for this.");
        if (now.Lock is { } held) throw new WrongStateException($"{to.Called} is locked ({held}): something is being done to it.");
        return new()
        {
            Summary = $"{to.Called} {Verb}.",
            Changes = From == To ? [] : [new("status", state, To)],
            Warnings = [.. Warning is null ? [] : (string[])[Warning], .. to.Guest.HaState is { } ha && To == Stopped ? (string[])[$"High availability looks after it ({ha}): it is told to leave it stopped."] : []],
            Undo = Undo,
        };
    }

    public static string StateOf(GuestStatus now) => now.QmpStatus is "paused" or "suspended" && now.Status == Running ? Paused : now.Status ?? "unknown";
}
