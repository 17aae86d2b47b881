namespace Jarvis.Simulator;

internal sealed partial class Faults
{
    internal void OnStarted(VirtualGuest guest)
    {
        if (Of("guest-hang").Any(f => FaultKind.Guest(cluster, f.Target) == guest))
        {
            guest.HungSince = cluster.Now;
        }
    }

    /// <summary>Why this guest's backup fails; null where it doesn't.</summary>
    internal string? BackupError(VirtualGuest guest) =>
        Of("backup-fail").FirstOrDefault(f => f.Target == "*" || FaultKind.Guest(cluster, f.Target) == guest) is { } fault
            ? fault.Parameters.GetValueOrDefault("error", "vma_queue_write: write error - No space left on device") : null;

    private void Begin(Fault fault)
    {
        if (FaultKind.Guest(cluster, fault.Target) is { } guest && fault.Kind is ("guest-crash" or "guest-poweroff"))
        {
            cluster.PowerOff(guest);
        }
    }

    private void End(Fault fault) => cluster.PokeHa();
}
