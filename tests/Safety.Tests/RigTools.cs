using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Jarvis.Safety.Tests;

public enum BackupMode { Snapshot, Suspend, Stop }

public sealed record Selector(NodeName? Node = null, [MaxLength(20)] string? Tag = null, [Target(Kind.Guest, Effect = Effect.Interrupts)] IReadOnlyList<GuestRef>? Names = null);

/// <summary>Tools of every tier that act on <see cref="World"/>.</summary>
internal sealed class RigTools(World world)
{
    [Tool(Tier.Green, Outside = false), Description("What runs.")]
    public string GetStatus() => world.Saw("6 guests");

    [Tool(Tier.Green, Outside = true), Description("A guest's notes.")]
    public string GetNotes([Target(Kind.Guest)] GuestRef guest) => world.Notes(guest.Id.Value);

    [Tool(Tier.Green, Outside = false), Description("Long and colourful text.")]
    public string GetLog([Range(1, 5_000_000)] int length = 10) => world.Saw("\u001b[31mred\u001b[0m\u202e " + new string('x', length));

    [Tool(Tier.Green, Outside = false), Description("An object with a secret in it.")]
    public object GetConfig() => new { Name = world.Saw("web\u200b"), Cipassword = "hunter2hunter2", Note = "token=abcdef123456", Nested = new { ApiKey = "xyz-123-xyz" } };

    [Tool(Tier.Yellow, Outside = false, Unrecorded = true), Description("Starts a guest.")]
    public string StartVm([Target(Kind.Guest, Effect = Effect.Adds)] GuestRef guest, ClusterKey? cluster = null) => world.Did($"start {guest.Id}", cluster);

    [Tool(Tier.Red, Outside = false, Unrecorded = true), Description("Stops a guest.")]
    public string StopVm([Target(Kind.Guest, Effect = Effect.Interrupts)] GuestRef guest, ClusterKey? cluster = null) => world.Did($"stop {guest.Id}", cluster);

    [Tool(Tier.Red, Outside = false, SnapshotFirst = true, Plan = nameof(PlanUpdate)), Description("Changes a guest.")]
    public string UpdateGuest([Target(Kind.Guest, Effect = Effect.Changes)] GuestRef guest, [Range(1, 512)] int cores = 1, [MaxLength(80)] string? description = null) =>
        world.Did($"update {guest.Id} cores={cores} {description}");

    public static Plan PlanUpdate(GuestRef guest, int cores) => new()
    {
        Summary = $"Guest {guest} gets {cores} cores.",
        Changes = [new Change("cores", "1", $"{cores}")],
        Undo = "set the cores back",
    };

    [Tool(Tier.Yellow, Outside = false, Raise = nameof(RaiseBackup)), Description("Backs a guest up.")]
    public string BackupGuest([Target(Kind.Guest, Effect = Effect.Adds)] GuestRef guest, BackupMode mode = BackupMode.Snapshot) => world.Did($"backup {guest.Id} {mode}");

    private static Raised? RaiseBackup(BackupMode mode) => mode == BackupMode.Snapshot ? null : new Raised(Tier.Red, "the guest is interrupted");

    [Tool(Tier.Yellow, Outside = false, Raise = nameof(RaiseService)), Description("Restarts a service.")]
    public string RestartService(NodeName node, [Target(Kind.Service, Effect = Effect.Interrupts)] ServiceUnit service) => world.Did($"restart {service} on {node}");

    private static Raised? RaiseService(ServiceUnit service) => service.Value switch
    {
        "corosync.service" => new Raised(Tier.Orange, "the cluster stands on it"),
        "chrony.service" => new Raised(Tier.Green, "it is harmless"),
        _ => null,
    };

    [Tool(Tier.Orange, Outside = true), Description("Runs a command.")]
    public string ExecuteCommand([Target(Kind.Node, Effect = Effect.Changes)] NodeName node, [MaxLength(2000)] string command) => world.Did($"run {command} on {node}");

    [Tool(Tier.Orange, Outside = false), Description("Restarts a node.")]
    public string RebootNode([Target(Kind.Node, Effect = Effect.Interrupts)] NodeName node) => world.Did($"reboot {node}");

    [Tool(Tier.Red, Outside = false), Description("Removes a storage.")]
    public string DetachStorage([Target(Kind.Storage)] StorageId storage) => world.Did($"detach {storage}");

    [Tool(Tier.Red, Outside = false), Description("Pauses guests.")]
    public string Pause([Target(Kind.Guest, Effect = Effect.Interrupts)] IReadOnlyList<GuestRef>? guests = null) => world.Did($"pause {guests?.Count}");

    [Tool(Tier.Red, Outside = false), Description("Deletes a backup.")]
    public string DeleteBackup([Target(Kind.Volume)] VolumeId volume) => world.Did($"delete {volume}");

    [Tool(Tier.Black, Outside = false), Description("Destroys a guest.")]
    public string DestroyVm([Target(Kind.Guest)] GuestRef guest) => world.Did($"destroy {guest.Id}");

    [Tool(Tier.Yellow, Outside = false, Sends = true), Description("Tells a channel."), ClusterWide]
    public string Notify([MaxLength(2000)] string text) => world.Did($"notify {text}");

    [Tool(Tier.Yellow, Outside = false), Description("Refreshes everything."), ClusterWide]
    public string RefreshAll(bool deep = false) => world.Did($"refresh {deep}");

    [Tool(Tier.Red, Outside = false, Plan = nameof(PlanBulkAsync)), Description("Stops many guests."), ClusterWide]
    public string StopMany(Selector selector) => world.Did($"stop many {selector.Tag}");

    private ValueTask<Plan> PlanBulkAsync(Selector selector, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(new Plan
        {
            Summary = $"Stops every guest with the tag {selector.Tag}.",
            Touches = [.. world.Guests.Values.Where(g => g.Tags.Contains(selector.Tag ?? "")).Select(g => new PlannedTarget(new TargetQuery(Kind.Guest, g.Target.Id), Effect.Interrupts))],
        });
    }

    [Tool(Tier.Red, Outside = false, TimeoutSeconds = 120), Description("Moves a guest, slowly.")]
    public async Task<string> MigrateGuestAsync([Target(Kind.Guest, Effect = Effect.Changes)] GuestRef guest, ToolRun run, CancellationToken cancellationToken)
    {
        run.Started($"UPID:pve1:{guest.Id}");
        run.Progress("copying", 0.5);
        world.Entered.TrySetResult();
        await world.Gate.Task.WaitAsync(cancellationToken);
        return world.Did($"migrate {guest.Id}");
    }

    [Tool(Tier.Yellow, Outside = false), Description("Fails in the way it is told to.")]
    public string Break([Target(Kind.Guest, Effect = Effect.Adds)] GuestRef guest, bool unsure = false) =>
        throw (unsure ? new OutcomeUnknownException("the answer was lost") : new InvalidOperationException(world.Saw($"500 no such disk on {guest.Id}, password=hunter2hunter2")));

    [Tool(Tier.Yellow, Outside = false, Plan = nameof(PlanOpen)), Description("Opens what is closed.")]
    public string OpenGate([Target(Kind.Guest, Effect = Effect.Adds)] GuestRef guest)
    {
        world.Opened = true;
        return world.Did($"open {guest.Id}");
    }

    private Plan PlanOpen(GuestRef guest) => world.Opened ? throw new WrongStateException($"The gate of {guest.Id} is open.") : new Plan { Summary = "It is opened." };

    [Tool(Tier.Green, Outside = false), Description("Takes one of everything.")]
    public string TakeAll(
        VmId vmid, [Range(1, 10)] int count, string text, BackupMode mode, double share, bool flag, StorageId storage, SnapshotName snapshot, PackageName[] packages, Selector selector,
        [Range(0, 5)] long? wide = null, VolumeId? volume = null) =>
        world.Saw(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{vmid} {count} {text} {mode} {share} {flag} {storage} {snapshot} {packages.Length} {selector.Tag} {wide} {volume}"));
}
