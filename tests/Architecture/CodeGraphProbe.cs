using System.ComponentModel;

namespace Jarvis.Architecture;

/// <summary>Mentions each type in one place only, where a shallow reader would miss it.</summary>
[TypeConverter(typeof(TimeZoneInfo))]
internal static class CodeGraphProbe
{
    public static Func<string, string> InLambda => text => new Uri(text).Host;

    public static async Task<int> InAsync()
    {
        await Task.Yield();
        return new Version(1, 2).Major;
    }

    public static IEnumerable<Type> InIterator()
    {
        yield return typeof(List<HttpRequestException>);
    }

    [Obsolete("Only the attribute matters.")]
    public static void InAttribute()
    {
    }
}
