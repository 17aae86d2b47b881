using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Jarvis.Server.Hosting;

/// <summary>Every error as RFC 9457 problem details with a stable <c>code</c> and the <c>traceId</c> to look for in the log;
/// never a stack, a path or a secret.</summary>
internal static class Problems
{
    public static WebApplicationBuilder AddProblems(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        builder.Services.AddProblemDetails();
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        return builder;
    }

    public static WebApplication UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = HandleAsync,
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException or OperationCanceledException,
        });
        app.UseStatusCodePages(context => WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode));
        return app;
    }

    /// <summary>Answers with a problem; title and code follow from the status where none is given.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string? code = null, string? detail = null)
    {
        context.Response.StatusCode = status;
        var problem = new ProblemDetails { Status = status, Detail = detail ?? DetailOf(context, status) };
        if (code is not null) problem.Extensions["code"] = code;
        await context.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new() { HttpContext = context, ProblemDetails = problem });
    }

    private static Task HandleAsync(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        return exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } =>
                WriteAsync(context, StatusCodes.Status400BadRequest, "BAD_JSON", $"The body is not the JSON expected here{At(json)}."),
            BadHttpRequestException bad => WriteAsync(context, bad.StatusCode),
            OperationCanceledException => WriteAsync(context, StatusCodes.Status499ClientClosedRequest),
            _ => WriteAsync(context, StatusCodes.Status500InternalServerError),
        };
    }

    private static string At(JsonException json) => (json.Path, json.LineNumber) switch
    {
        ({ Length: > 0 and < 200 } path, { } line) => $" (at {path}, line {line + 1})",
        (_, { } line) => $" (line {line + 1})",
        _ => "",
    };

    private static string? DetailOf(HttpContext context, int status) => status switch
    {
        401 => "Sign in at /api/auth/login and send Authorization: Bearer.",
        403 => "Your role does not allow this.",
        404 => $"There is nothing at {context.Request.Path}.",
        405 => $"{context.Request.Method} is not possible here.",
        413 => "The body is larger than this endpoint takes.",
        415 => "Send application/json.",
        500 => "It has been logged under this traceId.",
        _ => null,
    };

    internal static string CodeOf(int status) => status switch
    {
        400 => "BAD_REQUEST",
        401 => "NOT_SIGNED_IN",
        403 => "FORBIDDEN",
        404 => "NOT_FOUND",
        405 => "METHOD_NOT_ALLOWED",
        409 => "CONFLICT",
        413 => "TOO_LARGE",
        415 => "UNSUPPORTED_MEDIA_TYPE",
        429 => "RATE_LIMITED",
        499 => "CLIENT_CLOSED_REQUEST",
        500 => "INTERNAL_ERROR",
        503 => "UNAVAILABLE",
        _ => $"HTTP_{status}",
    };

    // The stock writer refuses clients whose Accept header has no JSON, and would leave them without a code.
    private sealed class ProblemWriter : IProblemDetailsWriter
    {
        public bool CanWrite(ProblemDetailsContext context) => true;

        public async ValueTask WriteAsync(ProblemDetailsContext context)
        {
            var (http, problem) = (context.HttpContext, context.ProblemDetails);
            var status = problem.Status ??= http.Response.StatusCode;
            problem.Title ??= Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } reason ? reason : "Error";
            problem.Type ??= "about:blank";
            problem.Extensions.TryAdd("code", problem is HttpValidationProblemDetails ? "VALIDATION_FAILED" : CodeOf(status));
            problem.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
            if (problem is HttpValidationProblemDetails validation)
                validation.Errors = validation.Errors.ToDictionary(e => JsonNamingPolicy.CamelCase.ConvertName(e.Key), e => e.Value);
            http.Response.StatusCode = status;
            await http.Response.WriteAsJsonAsync(problem, problem.GetType(), options: null, "application/problem+json", http.RequestAborted);
        }
    }
}
