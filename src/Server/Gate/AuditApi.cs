using System.Globalization;
using System.Text.Json;
using Jarvis.Safety;
using Jarvis.Server.Auth;

namespace Jarvis.Server.Gate;

/// <summary>What was asked for and what became of it.</summary>
internal static class AuditApi
{
    private const int MostRows = 1000;
    private const int MostExported = 100_000;
    private const int LongestText = 200;
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    public static void MapAuditApi(this IEndpointRouteBuilder app)
    {
        var audit = app.MapGroup("/api/audit").WithTags("Safety").RequireAuthorization(Policies.Admin).AddEndpointFilter(Verdicts.StoreTroubleAsync);
        audit.MapGet("", Read).Produces<AuditPage>().ProducesProblem(400).WithSummary("Rows of the audit that fit, newest first.");
        audit.MapGet("/export", Export).Produces<AuditRowView>(contentType: "application/x-ndjson").ProducesProblem(400).WithSummary("The same as JSON lines, at most 100 000; a last line says where to go on if there are more.");
        audit.MapGet("/verify", Verify).WithSummary("Checks the whole hash chain of the audit.");
        audit.MapGet("/{auditId}", Of).WithSummary("The rows of one call.");
    }

    private static IResult Read(SafetyKernel kernel, [AsParameters] AuditQuery query, int? limit)
    {
        if (query.Wrong() is { } wrong) return wrong;
        var most = Math.Clamp(limit ?? 100, 1, MostRows);
        var rows = kernel.Audit.Read(query.Before ?? long.MaxValue, most, query.Filter);
        return TypedResults.Ok(new AuditPage([.. rows.Select(ViewOf)], rows.Count == most ? rows[^1].Seq : null));
    }

    private static IResult Export(SafetyKernel kernel, [AsParameters] AuditQuery query, TimeProvider time, HttpContext context)
    {
        if (query.Wrong() is { } wrong) return wrong;
        // Before anything is sent: that it cannot be read is still told as such.
        var page = kernel.Audit.Read(query.Before ?? long.MaxValue, MostRows, query.Filter);
        return TypedResults.Stream(WriteAsync, "application/x-ndjson", string.Create(CultureInfo.InvariantCulture, $"jarvis-audit-{time.GetUtcNow():yyyyMMdd-HHmmss}.jsonl"));

        async Task WriteAsync(Stream body)
        {
            for (var written = 0; page.Count > 0;)
            {
                foreach (var row in page)
                {
                    await JsonSerializer.SerializeAsync(body, ViewOf(row), GateJson.Default.AuditRowView, context.RequestAborted);
                    await body.WriteAsync(LineEnd, context.RequestAborted);
                }
                await body.FlushAsync(context.RequestAborted);
                written += page.Count;
                if (page.Count < MostRows) return;
                var last = page[^1].Seq;
                if (written >= MostExported)
                {
                    await JsonSerializer.SerializeAsync(body, new AuditExportEnd(last), GateJson.Default.AuditExportEnd, context.RequestAborted);
                    await body.WriteAsync(LineEnd, context.RequestAborted);
                    return;
                }
                page = kernel.Audit.Read(last, MostRows, query.Filter);
            }
        }
    }

    private static AuditPage Of(string auditId, SafetyKernel kernel) => new([.. kernel.Audit.Of(auditId).Select(ViewOf)], null);

    private static AuditVerification Verify(SafetyKernel kernel, CancellationToken cancellationToken) => kernel.Audit.Verify(cancellationToken);

    // The id of an approval is for those who decide, not for whoever is given rows of the audit.
    private static AuditRowView ViewOf(AuditRow r) => new(r.Seq, r.Id, r.Part, r.At, r.Kind, r.Actor, r.Channel, r.Tool, r.Tier, r.Verdict, r.Digest, r.Text);

    internal sealed record AuditQuery
    {
        /// <summary>A part of who called, as <c>person:anna</c>.</summary>
        public string? Actor { get; init; }

        /// <summary>The tool's whole name.</summary>
        public string? Tool { get; init; }

        /// <summary>The whole verdict, as <c>DENY_KILL</c>.</summary>
        public string? Verdict { get; init; }

        public DateTimeOffset? From { get; init; }

        public DateTimeOffset? Until { get; init; }

        /// <summary>A part of the text.</summary>
        public string? Text { get; init; }

        /// <summary>The row before which to go on.</summary>
        public long? Before { get; init; }

        public AuditFilter Filter => new(Given(Actor), Given(Tool), Given(Verdict), From, Until, Given(Text));

        public IResult? Wrong() =>
            new[] { Actor, Tool, Verdict, Text }.Any(t => t?.Length > LongestText) ? Verdicts.Problem(new(VerdictCode.DenyArgs, $"Each part of a filter has at most {LongestText} characters."), null)
            : From >= Until ? Verdicts.Problem(new(VerdictCode.DenyArgs, "from must lie before until."), null) : null;

        private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
    }
}

/// <summary>The last line of an export that was cut; <c>Next</c> goes into <c>before</c>.</summary>
public sealed record AuditExportEnd(long Next);
