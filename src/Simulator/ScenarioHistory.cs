namespace Jarvis.Simulator;

internal sealed partial class ScenarioLoader
{
    private void AddJobs()
    {
        foreach (var spec in scenario.BackupJobs)
        {
            cluster.Add(new BackupJob
            {
                Id = spec.Id, Storage = spec.Storage, Schedule = spec.Schedule, All = spec.All, Guests = [.. spec.Guests], Exclude = [.. spec.Exclude],
                Node = spec.Node, Mode = spec.Mode, Prune = spec.Prune, Comment = spec.Comment, Enabled = spec.Enabled,
            });
        }

        foreach (var spec in scenario.Replication)
        {
            cluster.Add(new ReplicationJob { Id = spec.Id, Target = spec.Target, Schedule = spec.Schedule, Comment = spec.Comment });
        }
    }

    private void AddHistory() => cluster.SortTasks();
}
