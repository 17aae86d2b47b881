using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Jarvis.Server.Cluster;
using MessagePack;
using MessagePack.Formatters;
using MessagePack.Resolvers;

namespace Jarvis.Server.Hubs;

/// <summary>MessagePack that looks like our JSON: camelCase maps, enums as words, times as ISO strings, <c>$type</c>
/// first where a union has cases. The stock resolvers do none of these and bind such maps silently to defaults.</summary>
internal sealed class JsonShapes(JsonSerializerOptions json) : IFormatterResolver
{
    private readonly ConcurrentDictionary<Type, object?> _formatters = new();

    public IMessagePackFormatter<T>? GetFormatter<T>() =>
        (IMessagePackFormatter<T>?)_formatters.GetOrAdd(typeof(T), static (type, self) => self.Make<T>(type), this);

    private object? Make<T>(Type type)
    {
        if (type == typeof(DateTimeOffset)) return new InstantFormatter();
        if (type == typeof(DateTimeOffset?)) return new NullableFormatter<DateTimeOffset>();
        if (type == typeof(JsonElement)) return new ElementFormatter();
        // The result of a method without one travels as an object that is null.
        if (type == typeof(object)) return PrimitiveObjectFormatter.Instance;
        if (BuiltinResolver.Instance.GetFormatter<T>() is { } builtin) return builtin;
        if (type.IsSZArray) return Build(typeof(ArrayFormatter<>), type.GetElementType()!);
        if (type.IsEnum) return Build(typeof(WordFormatter<>), type);
        if (Nullable.GetUnderlyingType(type) is { } inner) return Build(typeof(NullableFormatter<>), inner);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return Build(typeof(ListFormatter<>), type.GetGenericArguments()[0]);
        return json.TryGetTypeInfo(type, out var info) && info.Kind == JsonTypeInfoKind.Object ? new MapFormatter<T>(info, json) : null;
    }

    private static object Build(Type formatter, Type argument) => Activator.CreateInstance(formatter.MakeGenericType(argument))!;

    /// <summary>A record as a map, property by property. What many screens get is encoded once.</summary>
    private sealed class MapFormatter<T> : IMessagePackFormatter<T?>
    {
        private readonly ConditionalWeakTable<object, byte[]>? _encoded =
            typeof(T) == typeof(ClusterDelta) || typeof(T) == typeof(ClusterView) ? new() : null;
        private readonly JsonSerializerOptions _json;
        private readonly Field[] _fields;
        private readonly JsonPolymorphismOptions? _cases;

        public MapFormatter(JsonTypeInfo info, JsonSerializerOptions json)
        {
            _json = json;
            _cases = info.PolymorphismOptions;
            _fields = [.. info.Properties.Where(p => p.Get is not null).Select(p => Field.Of<T>(p))];
        }

        public void Serialize(ref MessagePackWriter writer, T? value, MessagePackSerializerOptions options)
        {
            if (value is null)
            {
                writer.WriteNil();
                return;
            }

            if (_encoded is null)
            {
                Write(ref writer, value, options);
                return;
            }

            if (!_encoded.TryGetValue(value, out var bytes))
            {
                var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
                var inner = new MessagePackWriter(buffer);
                Write(ref inner, value, options);
                inner.Flush();
                _encoded.AddOrUpdate(value, bytes = buffer.WrittenSpan.ToArray());
            }

            writer.WriteRaw(bytes);
        }

        private void Write(ref MessagePackWriter writer, T value, MessagePackSerializerOptions options)
        {
            var (fields, kind) = (_fields, (string?)null);
            if (_cases?.DerivedTypes.FirstOrDefault(d => d.DerivedType == value!.GetType()) is { DerivedType: not null } derived)
            {
                kind = $"{derived.TypeDiscriminator}";
                fields = [.. _json.GetTypeInfo(derived.DerivedType).Properties.Where(p => p.Get is not null).Select(p => Field.Of<T>(p))];
            }

            writer.WriteMapHeader(fields.Length + (kind is null ? 0 : 1));
            if (kind is not null)
            {
                writer.Write("$type");
                writer.Write(kind);
            }

            foreach (var field in fields)
            {
                writer.WriteRaw(field.Name);
                field.Write(ref writer, value!, options);
            }
        }

        public T? Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
        {
            if (reader.TryReadNil()) return default;
            options.Security.DepthStep(ref reader);
            var raw = reader.ReadRaw();
            reader.Depth--;
            return JsonSerializer.Deserialize<T>(MessagePackSerializer.ConvertToJson(raw, options), _json);
        }
    }

    private abstract class Field(byte[] name)
    {
        public byte[] Name { get; } = name;

        public abstract void Write(ref MessagePackWriter writer, object owner, MessagePackSerializerOptions options);

        public static Field Of<T>(JsonPropertyInfo property)
        {
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            var writer = new MessagePackWriter(buffer);
            writer.Write(property.Name);
            writer.Flush();
            var getter = ((PropertyInfo)property.AttributeProvider!).GetMethod!;
            var typed = typeof(Field<,>).MakeGenericType(getter.DeclaringType!, property.PropertyType);
            return (Field)Activator.CreateInstance(typed, buffer.WrittenSpan.ToArray(), getter)!;
        }
    }

    private sealed class Field<TOwner, TValue>(byte[] name, MethodInfo getter) : Field(name)
        where TOwner : class
    {
        private readonly Func<TOwner, TValue> _get = getter.CreateDelegate<Func<TOwner, TValue>>();

        public override void Write(ref MessagePackWriter writer, object owner, MessagePackSerializerOptions options) =>
            options.Resolver.GetFormatterWithVerify<TValue>().Serialize(ref writer, _get(Unsafe.As<TOwner>(owner)), options);
    }

    private sealed class ListFormatter<T> : IMessagePackFormatter<IReadOnlyList<T>?>
    {
        public void Serialize(ref MessagePackWriter writer, IReadOnlyList<T>? value, MessagePackSerializerOptions options)
        {
            if (value is null)
            {
                writer.WriteNil();
                return;
            }

            writer.WriteArrayHeader(value.Count);
            var formatter = options.Resolver.GetFormatterWithVerify<T>();
            for (var i = 0; i < value.Count; i++) formatter.Serialize(ref writer, value[i], options);
        }

        public IReadOnlyList<T>? Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
        {
            if (reader.TryReadNil()) return null;
            var list = new T[reader.ReadArrayHeader()];
            var formatter = options.Resolver.GetFormatterWithVerify<T>();
            for (var i = 0; i < list.Length; i++) list[i] = formatter.Deserialize(ref reader, options);
            return list;
        }
    }

    private sealed class WordFormatter<T> : IMessagePackFormatter<T> where T : struct, Enum
    {
        private readonly Dictionary<T, string> _words =
            Enum.GetValues<T>().ToDictionary(v => v, v => JsonNamingPolicy.CamelCase.ConvertName(v.ToString()));

        public void Serialize(ref MessagePackWriter writer, T value, MessagePackSerializerOptions options) => writer.Write(_words[value]);

        public T Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
        {
            var word = reader.ReadString();
            foreach (var (value, name) in _words)
            {
                if (name == word) return value;
            }

            throw new MessagePackSerializationException($"'{word}' is not one of {string.Join(", ", _words.Values)}.");
        }
    }

    private sealed class NullableFormatter<T> : IMessagePackFormatter<T?> where T : struct
    {
        public void Serialize(ref MessagePackWriter writer, T? value, MessagePackSerializerOptions options)
        {
            if (value is { } some) options.Resolver.GetFormatterWithVerify<T>().Serialize(ref writer, some, options);
            else writer.WriteNil();
        }

        public T? Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
            reader.TryReadNil() ? null : options.Resolver.GetFormatterWithVerify<T>().Deserialize(ref reader, options);
    }

    private sealed class InstantFormatter : IMessagePackFormatter<DateTimeOffset>
    {
        public void Serialize(ref MessagePackWriter writer, DateTimeOffset value, MessagePackSerializerOptions options) =>
            writer.Write(value.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture));

        public DateTimeOffset Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
            DateTimeOffset.Parse(reader.ReadString() ?? "", CultureInfo.InvariantCulture);
    }

    private sealed class ElementFormatter : IMessagePackFormatter<JsonElement>
    {
        public void Serialize(ref MessagePackWriter writer, JsonElement value, MessagePackSerializerOptions options) =>
            writer.WriteRaw(MessagePackSerializer.ConvertFromJson(value.GetRawText(), options));

        public JsonElement Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
        {
            using var document = JsonDocument.Parse(MessagePackSerializer.ConvertToJson(reader.ReadRaw(), options));
            return document.RootElement.Clone();
        }
    }
}
