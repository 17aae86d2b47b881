using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tests.Cluster;

public sealed class AccessTests
{
    [Fact]
    public void An_auditor_of_everything_lacks_nothing()
    {
        var access = Judge(("/", "Sys.Audit", true), ("/", "VM.Audit", true), ("/", "Datastore.Audit", true));

        Assert.Empty(access.Missing);
        Assert.Empty(access.Cure);
    }

    [Fact]
    public void A_token_without_rights_is_told_the_lines_that_give_them()
    {
        var access = Judge();

        Assert.Equal((false, false, false), (access.CanSeeNodes, access.CanSeeGuests, access.CanSeeStorage));
        Assert.Equal(["Sys.Audit", "VM.Audit", "Datastore.Audit"], access.Missing);
        Assert.Equal(
            ["pveum acl modify / --roles PVEAuditor --users 'mon@pve'", "pveum acl modify / --roles PVEAuditor --tokens 'mon@pve!jarvis'"],
            access.Cure);
    }

    [Fact]
    public void Nodes_alone_do_not_tell_of_quorum() =>
        Assert.Equal(["Sys.Audit"], Judge(("/nodes", "Sys.Audit", true), ("/vms", "VM.Audit", true), ("/storage", "Datastore.Audit", true)).Missing);

    [Fact]
    public void A_right_that_does_not_propagate_from_the_root_is_not_enough() =>
        Assert.Equal(["VM.Audit"], Judge(("/", "Sys.Audit", true), ("/", "VM.Audit", false), ("/", "Datastore.Audit", true)).Missing);

    private static AccessView Judge(params (string Path, string Privilege, bool Propagates)[] held) => Access.Judge(
        held.GroupBy(h => h.Path).ToDictionary(g => g.Key, g => (IReadOnlyDictionary<string, bool>)g.ToDictionary(h => h.Privilege, h => h.Propagates)),
        "mon@pve!jarvis");
}
