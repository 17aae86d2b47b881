using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Jarvis.Server.Hubs;
using MessagePack;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Tests.Hubs;

public sealed class JsonShapesTests
{
    private static readonly JsonSerializerOptions Json = HubJson.Configure(new());

    private static readonly MessagePackSerializerOptions Pack =
        MessagePackSerializerOptions.Standard.WithResolver(new JsonShapes(Json)).WithSecurity(MessagePackSecurity.UntrustedData);

    /// <summary>Every type that a hub's method takes, or that its client is sent.</summary>
    public static TheoryData<Type> Carried =>
    [
        .. from hub in typeof(IClusterHub).Assembly.GetTypes()
           where hub.IsInterface && hub.Namespace == typeof(IClusterHub).Namespace
           from method in hub.GetMethods()
           from type in method.GetParameters().Select(p => p.ParameterType).Append(method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : typeof(string))
           group type by type into distinct
           select distinct.Key,
    ];

    [Theory]
    [MemberData(nameof(Carried))]
    public void MessagePack_has_the_shape_of_our_json(Type type)
    {
        var full = Sample.Of(type)!;

        var packed = MessagePackSerializer.Serialize(type, full, Pack, TestContext.Current.CancellationToken);

        Assert.Equal(Canonical(JsonSerializer.Serialize(full, type, Json)), Canonical(MessagePackSerializer.ConvertToJson(packed, Pack, TestContext.Current.CancellationToken)));
    }

    [Theory]
    [MemberData(nameof(Carried))]
    public void What_is_packed_can_be_unpacked_whole(Type type)
    {
        var full = Sample.Of(type)!;
        var json = JsonSerializer.Serialize(full, type, Json);

        var again = MessagePackSerializer.Deserialize(type, MessagePackSerializer.Serialize(type, full, Pack, TestContext.Current.CancellationToken), Pack, TestContext.Current.CancellationToken);

        Assert.Equal(json, JsonSerializer.Serialize(again, type, Json));
    }

    /// <summary>The screen's own tests read these bytes with the npm client.</summary>
    [Fact]
    public void What_travels_is_what_the_npm_client_is_tested_with()
    {
        var calls = new JsonArray();
        foreach (var client in (Type[])[typeof(IClusterClient), typeof(IEventsClient)])
        {
            IHubProtocol protocol = client == typeof(IClusterClient)
                ? new MessagePackHubProtocol(Options.Create(new MessagePackHubProtocolOptions { SerializerOptions = Pack }))
                : new JsonHubProtocol(Options.Create(new JsonHubProtocolOptions { PayloadSerializerOptions = Json }));
            foreach (var method in client.GetMethods().OrderBy(m => m.Name, StringComparer.Ordinal))
            {
                object?[] arguments = [.. method.GetParameters().Select(p => Sample.Of(p.ParameterType))];
                var expected = arguments.Zip(method.GetParameters(), (value, p) => JsonSerializer.SerializeToNode(value, p.ParameterType, Json));
                calls.Add(new JsonObject
                {
                    ["protocol"] = protocol.Name,
                    ["target"] = method.Name,
                    ["arguments"] = new JsonArray([.. expected]),
                    ["wire"] = Convert.ToBase64String(protocol.GetMessageBytes(new InvocationMessage(method.Name, arguments)).Span),
                });
            }
        }

        Jarvis.Architecture.Golden.Matches("../../../web/tests/contract/calls.golden.json", calls.ToJsonString(new() { WriteIndented = true }) + "\n");
    }

    [Fact]
    public void Nothing_is_left_out_when_it_is_null()
    {
        var packed = MessagePackSerializer.Serialize(new Jarvis.Server.Cluster.ClusterDelta { ObservedAt = default }, Pack, TestContext.Current.CancellationToken);

        var shape = JsonNode.Parse(MessagePackSerializer.ConvertToJson(packed, Pack, TestContext.Current.CancellationToken))!.AsObject();
        Assert.True(shape.ContainsKey("guestNumbers"));
        Assert.Null(shape["guestNumbers"]);
    }

    /// <summary>Floats print differently in the two (1 and 1.0), so numbers are compared by value.</summary>
    private static string Canonical(string json)
    {
        var node = JsonNode.Parse(json);
        return node is null ? "null" : Walk(node);

        static string Walk(JsonNode? node) => node switch
        {
            null => "null",
            JsonObject map => "{" + string.Join(",", map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{Walk(p.Value)}")) + "}",
            JsonArray list => "[" + string.Join(",", list.Select(Walk)) + "]",
            JsonValue value when value.GetValueKind() is JsonValueKind.Number => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
            _ => node.ToJsonString(),
        };
    }

    /// <summary>Makes a value of any carried type with every part filled in.</summary>
    private static class Sample
    {
        public static object? Of(Type type, int depth = 0)
        {
            var inner = Nullable.GetUnderlyingType(type) ?? type;
            if (inner == typeof(string)) return "käse \"100\"";
            if (inner == typeof(bool)) return true;
            if (inner == typeof(int)) return 70_000;
            if (inner == typeof(long)) return 5_000_000_000;
            if (inner == typeof(double)) return 0.125;
            if (inner == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 5, 6, 7, 8, 9, 123, TimeSpan.Zero);
            if (inner == typeof(JsonElement)) return JsonSerializer.Deserialize<JsonElement>("""{"a":[1,"b",null]}""");
            if (inner.IsEnum) return Enum.GetValues(inner).GetValue(Enum.GetValues(inner).Length - 1);
            if (inner.IsGenericType && inner.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return List(inner.GetGenericArguments()[0], depth);
            if (inner.IsArray) return List(inner.GetElementType()!, depth);
            // Of a union the case that carries most.
            if (inner.IsAbstract) inner = inner.GetCustomAttributes<JsonDerivedTypeAttribute>().Select(c => c.DerivedType).MaxBy(c => c.GetProperties().Length)!;
            var constructor = inner.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
            var made = constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType, depth + 1))]);
            foreach (var property in inner.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
            {
                property.SetValue(made, Of(property.PropertyType, depth + 1));
            }

            return made;
        }

        private static Array List(Type element, int depth)
        {
            var list = Array.CreateInstance(element, 2);
            for (var i = 0; i < 2; i++) list.SetValue(Of(element, depth + 1), i);
            return list;
        }
    }
}
