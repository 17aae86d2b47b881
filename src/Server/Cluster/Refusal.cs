using Microsoft.AspNetCore.Http.HttpResults;

namespace Jarvis.Server.Cluster;

/// <summary>Why something is not done: a stable code, what was tried and what to do, and lines to paste where they help.</summary>
internal sealed record Refusal(int Status, string Code, string Detail, IReadOnlyList<string>? Cure = null)
{
    public static Refusal Unprocessable(string code, string detail) => new(StatusCodes.Status422UnprocessableEntity, code, detail);

    public static Refusal Conflict(string code, string detail) => new(StatusCodes.Status409Conflict, code, detail);

    public static Refusal Unknown(string code, string detail) => new(StatusCodes.Status404NotFound, code, detail);

    public static Refusal Bad(string code, string detail) => new(StatusCodes.Status400BadRequest, code, detail);

    public ProblemHttpResult ToProblem()
    {
        var extensions = new Dictionary<string, object?> { ["code"] = Code };
        if (Cure is not null) extensions["cure"] = Cure;
        return TypedResults.Problem(Detail, statusCode: Status, extensions: extensions);
    }
}

/// <summary>What was asked for, or why it is not given.</summary>
internal readonly record struct Outcome<T>(T? Value, Refusal? Refused)
    where T : class
{
    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refused) => new(null, refused);
}
