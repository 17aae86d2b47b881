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

    private void Begin(Fault fault)
    {
        if (FaultKind.Guest(cluster, fault.Target) is { } guest && fault.Kind is ("guest-crash" or "guest-poweroff"))
        {
            cluster.PowerOff(guest);
        }
    }

    private void End(Fault fault) => cluster.PokeHa();
}
