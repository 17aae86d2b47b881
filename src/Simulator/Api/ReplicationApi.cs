using System.Text.Json;
using Jarvis.Simulator.Access;

namespace Jarvis.Simulator.Api;

/// <summary>Replication jobs and how they fare.</summary>
internal static class ReplicationApi
{
    private static readonly Privileges Audit = Privileges.Of("VM.Audit");

    public static void Jobs(Call call, Utf8JsonWriter json) =>
        json.Objects(Visible(call), job => Write(call, job, json));

    public static void OnNode(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode.Name;
        var guest = call.Number("guest");
        json.Objects(Visible(call).Where(j => call.Cluster.FindGuest(j.VmId)?.Node == node
            && (guest is null || j.VmId == guest)), job =>
        {
            Write(call, job, json);
            json.WriteNumber("fail_count"u8, job.FailCount);
            json.Rounded("duration"u8, job.Duration);
            json.WriteNumber("last_sync"u8, job.LastSync?.ToUnixTimeSeconds() ?? 0);
            json.WriteNumber("last_try"u8, job.LastTry?.ToUnixTimeSeconds() ?? 0);
            json.WriteNumber("next_sync"u8, job.NextSync?.ToUnixTimeSeconds() ?? 0);
            json.OptionalText("error"u8, job.Error);
            json.WriteString("vmtype"u8, call.Cluster.FindGuest(job.VmId)!.TypeName);
        });
    }

    private static IEnumerable<ReplicationJob> Visible(Call call) =>
        call.Cluster.ReplicationJobs.Values.Where(j => call.Rights.OnGuest(j.VmId, Audit));

    private static void Write(Call call, ReplicationJob job, Utf8JsonWriter json)
    {
        json.WriteString("id"u8, job.Id);
        json.WriteString("type"u8, "local");
        json.WriteNumber("guest"u8, job.VmId);
        json.WriteNumber("jobnum"u8, job.Number);
        json.WriteString("target"u8, job.Target);
        json.WriteString("schedule"u8, job.Schedule);
        json.OptionalText("source"u8, call.Cluster.FindGuest(job.VmId)?.Node);
        json.OptionalText("comment"u8, job.Comment);
        if (job.Disabled)
        {
            json.WriteNumber("disable"u8, 1);
        }
    }
}
