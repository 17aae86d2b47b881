using Jarvis.Server.Cluster;

namespace Jarvis.Server.Tests.Cluster;

public sealed class TaskNamesTests
{
    [Theory]
    [InlineData("vzdump", "102", "Backup of 102")]
    [InlineData("vzdump", "", "Backup")]
    [InlineData("qmstart", "103", "Start of 103")]
    [InlineData("vzstart", "103", "Start of 103")]
    [InlineData("qmigrate", "103", "Migration of 103")]
    [InlineData("vzmigrate", "103", "Migration of 103")]
    [InlineData("srvrestart", "pveproxy", "Restart of pveproxy")]
    [InlineData("aptupdate", "", "Update of package lists")]
    [InlineData("ceph-pool-new", "7", "ceph-pool-new 7")]
    [InlineData("qmnew", "", "qmnew")]
    public void A_task_is_told_in_words(string type, string target, string words) =>
        Assert.Equal(words, TaskNames.Of(type, target));
}
