using System.Text.Json.Nodes;
using Jarvis.Server.Cluster;

namespace Jarvis.Server.Agent.Understanding;

/// <summary>A call of a tool that a message asks for.</summary>
internal sealed record Wanted(string Tool, JsonObject Arguments);

/// <summary>What an answer is to dwell on, of all that a tool tells.</summary>
internal enum Topic
{
    Status, Memory, Cpu, Disk, Network, Uptime, Place, Address, Settings, Snapshots, Backups, NoBackup, Tasks, FailedTasks, TaskLog, Events, Problems, Slow, List, Count, Most, Full, Content,
    Updates, Services, Journal, Certificates, Disks, Zfs, Ceph, Ha, Replication, History, Then, Found, Version, Quorum, Deed,
}

/// <summary>What somebody is taken to mean.</summary>
internal abstract record Understood
{
    private Understood()
    {
    }

    /// <summary>These calls, and what to say of what they give. <c>Exact</c> is false where a name or a wish was guessed at;
    /// <c>About</c> is what "it" means next.</summary>
    public sealed record Calls(IReadOnlyList<Wanted> All, Topic Topic, bool Exact) : Understood
    {
        public Mention? About { get; init; }
        public Focus Focus { get; init; } = new();

        /// <summary>The deed that is asked for; null for what only reads.</summary>
        public Deed? Deed { get; init; }

        /// <summary>A model that had read text from outside offered it: a yes lets it be asked for, and is not the operator's own wish.</summary>
        public bool Untrusted { get; init; }

        /// <summary>What had to be guessed, to be said: "pi-hole" for pihole.</summary>
        public string? Guess { get; init; }
    }

    /// <summary>Something is missing, and this is the question for it.</summary>
    public sealed record Missing(string Question) : Understood;

    /// <summary>A question about doing something, which does nothing: it is told what to say to have it done.</summary>
    public sealed record Would(Calls Deed) : Understood;

    public sealed record Help : Understood;

    public sealed record Greeting : Understood;

    /// <summary>Not a word of it.</summary>
    public sealed record Nothing : Understood;
}

/// <summary>What an answer leaves out, or puts first.</summary>
internal sealed record Focus
{
    public string? Node { get; init; }
    public GuestType? Type { get; init; }
    public GuestStatus? Status { get; init; }
    public string? Storage { get; init; }

    /// <summary>The least of something rather than the most.</summary>
    public bool Least { get; init; }

    /// <summary>What is counted: cpu, memory or disk.</summary>
    public Topic Measure { get; init; } = Topic.Memory;

    /// <summary>Yes or no is asked for: running, stopped, full.</summary>
    public string? Claim { get; init; }
}

/// <summary>What has been spoken of so far.</summary>
internal sealed record Context
{
    public static Context Empty { get; } = new();

    public Mention? About { get; init; }
    public Mention? Earlier { get; init; }
    public Topic? Topic { get; init; }

    /// <summary>What was offered last, and waits for a yes.</summary>
    public Understood.Calls? Proposal { get; init; }

    /// <summary>What was done last, with the arguments that it was done with.</summary>
    public Wanted? Done { get; init; }
}
