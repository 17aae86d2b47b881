using Jarvis.Safety;
using Jarvis.Server.Events;

namespace Jarvis.Server.Gate;

/// <summary>Puts what the kernel tells into the event log, which screens follow.</summary>
internal sealed partial class Notices(EventLog events, ILogger<Notices> log)
{
    public void Tell(Notice notice)
    {
        if (notice.Kind is NoticeKind.Unrecorded) LogUnrecorded(notice.Text);
        if (TypeOf(notice.Kind) is not { } type) return;
        events.TryPost(new()
        {
            Type = type,
            Severity = notice.Kind is NoticeKind.StoreLost ? Severity.Critical
                : notice.Kind is NoticeKind.KillSwitch or NoticeKind.BreakGlass or NoticeKind.Unrecorded ? Severity.Warning : Severity.Info,
            Source = Source.System,
            Summary = notice.Text,
            Correlation = notice.Id,
        });
    }

    // How far a run is flows, and is not an event.
    private static string? TypeOf(NoticeKind kind) => kind switch
    {
        NoticeKind.ApprovalAsked => "approval.asked",
        NoticeKind.ApprovalDecided => "approval.decided",
        NoticeKind.RunEnded => "run.ended",
        NoticeKind.KillSwitch => "safety.kill-switch",
        NoticeKind.BreakGlass => "safety.break-glass",
        NoticeKind.Unrecorded => "safety.unrecorded",
        NoticeKind.StoreLost => "safety.store-lost",
        NoticeKind.StoreBack => "safety.store-back",
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What}")]
    private partial void LogUnrecorded(string what);
}
