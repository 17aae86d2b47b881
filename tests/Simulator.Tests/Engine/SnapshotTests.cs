namespace Jarvis.Simulator.Tests.Engine;

public sealed class SnapshotTests
{
    private readonly Lab lab = new();

    [Fact]
    public void Snapshots_form_a_tree()
    {
        var guest = lab.Guest(102);
        Assert.Equal("OK", lab.Do(c => c.CreateSnapshot(guest, "one", Lab.Root, "first")));
        Assert.Equal("OK", lab.Do(c => c.CreateSnapshot(guest, "two", Lab.Root)));
        Assert.Equal("OK", lab.Do(c => c.Rollback(guest, "one", Lab.Root)));
        Assert.Equal("OK", lab.Do(c => c.CreateSnapshot(guest, "three", Lab.Root)));
        Assert.Equal([("before-upgrade", null), ("one", "before-upgrade"), ("two", "one"), ("three", "one")],
            guest.Snapshots.Select(s => (s.Name, s.Parent)));
        Assert.Equal("OK", lab.Do(c => c.DeleteSnapshot(guest, "one", Lab.Root)));
        Assert.Equal(
            [("before-upgrade", null), ("two", "before-upgrade"), ("three", "before-upgrade")],
            guest.Snapshots.Select(s => (s.Name, s.Parent)));
        Assert.Equal("three", guest.SnapshotParent);
    }

    [Fact]
    public void A_rollback_restores_the_configuration_and_stops_the_guest_unless_it_had_memory()
    {
        var guest = lab.Guest(102);
        lab.Do(c => c.CreateSnapshot(guest, "cold", Lab.Root));
        lab.Do(c => c.CreateSnapshot(guest, "warm", Lab.Root, memory: true));
        lab.Cluster.UpdateConfig(guest, new Dictionary<string, string> { ["name"] = "renamed" });
        Assert.Equal("OK", lab.Do(c => c.Rollback(guest, "warm", Lab.Root)));
        Assert.Equal(("db", true), (guest.Name, guest.Running));
        Assert.Equal("OK", lab.Do(c => c.Rollback(guest, "cold", Lab.Root)));
        Assert.False(guest.Running);
        Assert.Equal("OK", lab.Do(c => c.Rollback(guest, "cold", Lab.Root, start: true)));
        Assert.True(guest.Running);
    }

    [Fact]
    public void A_snapshot_locks_its_guest_while_it_is_made()
    {
        var guest = lab.Guest(102);
        var upid = lab.Cluster.Read(c => c.CreateSnapshot(guest, "now", Lab.Root, memory: true));
        lab.Pass(1);
        Assert.Equal(("snapshot", "prepare"), (guest.Lock, guest.Snapshots[^1].State));
        Assert.Equal(
            "VM is locked (snapshot)",
            Lab.Refused(() => lab.Cluster.Migrate(guest, "pve1", Lab.Root, new() { Online = true })).Reason);
        lab.Cluster.StopTask(upid);
        Assert.Null(guest.Lock);
        Assert.DoesNotContain(guest.Snapshots, s => s.Name == "now");
    }

    [Theory]
    [InlineData("before-upgrade", "snapshot name 'before-upgrade' already used")]
    [InlineData("current", "unable to use reserved name 'current'")]
    public void Names_are_unique_and_some_are_reserved(string name, string says) =>
        Assert.Equal(says, Lab.Refused(() => lab.Cluster.CreateSnapshot(lab.Guest(102), name, Lab.Root)).Reason);

    [Fact]
    public void A_raw_file_cannot_be_snapshotted_and_a_missing_snapshot_is_reported()
    {
        Assert.Equal(
            "snapshot feature is not available",
            Lab.Refused(() => lab.Cluster.CreateSnapshot(lab.Guest(106), "now", Lab.Root)).Reason);
        Assert.Equal(
            "snapshot 'nope' does not exist", Lab.Refused(() => lab.Cluster.Rollback(lab.Guest(102), "nope", Lab.Root)).Reason);
    }
}
