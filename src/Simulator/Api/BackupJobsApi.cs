using System.Globalization;
using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>The schedule of backups.</summary>
internal static class BackupJobsApi
{
    public static void List(Call call, Utf8JsonWriter json) =>
        json.Objects(call.Cluster.BackupJobs.Values, job => Write(job, json));

    public static void Read(Call call, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Write(call.Cluster.FindBackupJob(call.Path["id"]), json);
        json.WriteEndObject();
    }

    public static void Add(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        var id = call.Optional("id") ?? "backup-" + Guid.NewGuid().ToString("N")[..12].Insert(8, "-");
        var job = new BackupJob { Id = id, Storage = call.Cluster.Storage(call.Optional("storage") ?? "local").Id };
        Apply(call, job);
        call.Cluster.AddBackupJob(job);
    }

    public static void Update(Call call, Utf8JsonWriter json)
    {
        call.Cluster.RequireQuorum(call.LocalNode);
        var job = call.Cluster.FindBackupJob(call.Path["id"]);
        job.Storage = call.Optional("storage") is { } storage ? call.Cluster.Storage(storage).Id : job.Storage;
        Apply(call, job);
        call.Cluster.UpdateBackupJob(job.Id);
    }

    public static void Remove(Call call, Utf8JsonWriter json) => call.Cluster.RemoveBackupJob(call.Path["id"]);

    public static void NotBackedUp(Call call, Utf8JsonWriter json) => json.Objects(call.Cluster.NotBackedUp(), guest =>
    {
        json.WriteNumber("vmid"u8, guest.VmId);
        json.WriteString("type"u8, guest.TypeName);
        json.WriteString("name"u8, guest.Name);
    });

    private static void Apply(Call call, BackupJob job)
    {
        var delete = call.Items("delete");
        job.Schedule = call.Optional("schedule") ?? call.Optional("starttime") ?? job.Schedule;
        job.All = call.Flag("all", job.All);
        job.Enabled = call.Flag("enabled", job.Enabled);
        job.Mode = call.Optional("mode") ?? job.Mode;
        job.Prune = call.Optional("prune-backups") ?? job.Prune;
        job.Node = delete.Contains("node") ? null : call.Optional("node") ?? job.Node;
        job.Pool = delete.Contains("pool") ? null : call.Optional("pool") ?? job.Pool;
        job.Comment = delete.Contains("comment") ? null : call.Optional("comment") ?? job.Comment;
        job.NotesTemplate = call.Optional("notes-template") ?? job.NotesTemplate;
        Replace(call, "vmid", job.Guests);
        Replace(call, "exclude", job.Exclude);
        if (!job.All && job.Pool is null && job.Guests.Count == 0)
        {
            throw PveException.Parameter("vmid", "property is missing and it is not optional");
        }
    }

    private static void Replace(Call call, string name, List<int> list)
    {
        if (call.Arguments.ContainsKey(name))
        {
            list.Clear();
            list.AddRange(call.Items(name).Select(v =>
                int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                ? n : throw PveException.Parameter(name, "invalid format - value does not look like a valid VM ID")));
        }
    }

    private static void Write(BackupJob job, Utf8JsonWriter json)
    {
        json.WriteString("id"u8, job.Id);
        json.WriteString("type"u8, "vzdump");
        json.Flag("enabled"u8, job.Enabled);
        json.WriteString("schedule"u8, job.Schedule);
        json.WriteString("storage"u8, job.Storage);
        json.WriteString("mode"u8, job.Mode);
        json.Flag("all"u8, job.All);
        json.OptionalText("vmid"u8, string.Join(',', job.Guests));
        json.OptionalText("exclude"u8, string.Join(',', job.Exclude));
        json.OptionalText("pool"u8, job.Pool);
        json.OptionalText("node"u8, job.Node);
        json.OptionalText("comment"u8, job.Comment);
        json.OptionalText("notes-template"u8, job.NotesTemplate);
        json.WriteStartObject("prune-backups"u8);
        foreach (var pair in job.Prune.Split(',').Select(p => p.Split('=')).Where(p => p.Length == 2))
        {
            json.WriteNumber(pair[0], int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                ? n : 0);
        }
        json.WriteEndObject();
        if (job.NextRun is { } next)
        {
            json.WriteNumber("next-run"u8, next.ToUnixTimeSeconds());
        }
    }
}
