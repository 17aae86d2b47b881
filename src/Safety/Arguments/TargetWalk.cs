using System.Globalization;

namespace Jarvis.Safety.Arguments;

/// <summary>Visits every value that names a target, wherever it stands, and lets it be replaced.</summary>
internal static class TargetWalk
{
    public static async ValueTask<object?[]> ReplaceAsync(Fields fields, object?[] values, Func<Parameter, object, ValueTask<object>> visit)
    {
        var replaced = new object?[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            replaced[i] = values[i] is { } value ? await ReplaceAsync(fields.Members[i], fields.Members[i].Shape, value, visit) : null;
        }
        return replaced;
    }

    public static string TextOf(object value) => value switch
    {
        GuestRef { Resolved: true } guest => guest.Id.ToString(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static async ValueTask<object> ReplaceAsync(Parameter member, Shape shape, object value, Func<Parameter, object, ValueTask<object>> visit)
    {
        switch (shape)
        {
            case Several several:
                var items = new List<object>();
                foreach (var item in (Array)value) items.Add(await ReplaceAsync(member, several.Element, item!, visit));
                return several.Array(items);
            case Entity entity:
                return entity.Made(await ReplaceAsync(entity.Fields, entity.Values(value), visit));
            default:
                return member.Target is null ? value : await visit(member, value);
        }
    }
}
