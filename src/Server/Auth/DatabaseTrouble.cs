using System.Data.Common;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Jarvis.Server.Auth;

/// <summary>Answers for endpoints that need the database while it cannot be used.</summary>
internal static partial class DatabaseTrouble
{
    public static async ValueTask<object?> Answer(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (DbException e)
        {
            LogFailed(context.HttpContext.RequestServices.GetRequiredService<ILogger<AuthStore>>(), e.Message);
            return Problem();
        }
    }

    public static ProblemHttpResult Problem() => AuthApi.Refuse(
        StatusCodes.Status503ServiceUnavailable, "DATABASE_UNAVAILABLE", "The database cannot be used",
        "Nothing was changed. The server's log says why; it tries again by itself.");

    [LoggerMessage(Level = LogLevel.Error, Message = "A request could not be answered without the database: {Why}")]
    private static partial void LogFailed(ILogger logger, string why);
}
