namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    private void ScheduleDaily() => After(TimeSpan.FromSeconds(10), HaCycle);

    internal void SeedHa(VirtualGuest guest, string state) => haResources[guest.Sid] = new HaResource
    {
        Sid = guest.Sid, VmId = guest.VmId, Requested = state, State = guest.Running ? "started" : "stopped", Node = guest.Node,
    };
}
