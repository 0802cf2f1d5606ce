using System.Buffers;
using System.Globalization;
using System.Text.Json;
using MongoDB.Bson;

namespace Ferry.Hosting.Documents.Mongo;

/// <summary>Documents as BSON: the same JSON as in every store, with the id as <c>_id</c>. Times and binary stay text.</summary>
internal static class JsonBson
{
    /// <summary>A document with the version it is going to have.</summary>
    public static BsonDocument ToBson<T>(T document, long version) where T : class, IDocument
    {
        using var json = JsonDocument.Parse(DocumentBody.Text(document, version));
        var bson = new BsonDocument("_id", document.Id);
        foreach (var property in json.RootElement.EnumerateObject().Where(p => p.Name != "id"))
        {
            bson[property.Name] = ToBson(property.Value);
        }

        bson["version"] = version;
        return bson;
    }

    /// <summary>JSON as BSON. Whole numbers become 64-bit integers; those that do not fit, decimals.</summary>
    public static BsonValue ToBson(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var document = new BsonDocument();
                foreach (var property in json.EnumerateObject())
                {
                    document[property.Name] = ToBson(property.Value);
                }

                return document;
            case JsonValueKind.Array:
                return new BsonArray(json.EnumerateArray().Select(ToBson));
            case JsonValueKind.String:
                return json.GetString()!;
            case JsonValueKind.Number:
                return Number(json);
            case JsonValueKind.True:
                return BsonBoolean.True;
            case JsonValueKind.False:
                return BsonBoolean.False;
            default:
                return BsonNull.Value;
        }
    }

    /// <summary>A value of a condition (see <see cref="FieldValue.Scalar"/>) as BSON.</summary>
    public static BsonValue Scalar(object? value) => value switch
    {
        null => BsonNull.Value,
        string text => text,
        bool flag => flag,
        long whole => whole,
        double number => number,
        _ => throw new ArgumentException($"Not a scalar: {value.GetType()}.", nameof(value)),
    };

    /// <summary>The document that was stored.</summary>
    public static T FromBson<T>(BsonDocument bson, string collection) where T : class, IDocument
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            foreach (var element in bson)
            {
                writer.WritePropertyName(element.Name == "_id" ? "id" : element.Name);
                Write(writer, element.Value, collection);
            }

            writer.WriteEndObject();
        }

        return JsonSerializer.Deserialize<T>(buffer.WrittenSpan, DocumentJson.Options)!;
    }

    private static BsonValue Number(JsonElement json)
    {
        if (json.TryGetInt64(out var whole))
        {
            return whole;
        }

        var isWhole = json.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;
        return isWhole && json.TryGetDecimal(out var large) ? new BsonDecimal128(large) : json.GetDouble();
    }

    private static void Write(Utf8JsonWriter writer, BsonValue value, string collection)
    {
        switch (value.BsonType)
        {
            case BsonType.Document:
                writer.WriteStartObject();
                foreach (var element in value.AsBsonDocument)
                {
                    writer.WritePropertyName(element.Name);
                    Write(writer, element.Value, collection);
                }

                writer.WriteEndObject();
                break;
            case BsonType.Array:
                writer.WriteStartArray();
                foreach (var item in value.AsBsonArray)
                {
                    Write(writer, item, collection);
                }

                writer.WriteEndArray();
                break;
            case BsonType.String:
                writer.WriteStringValue(value.AsString);
                break;
            case BsonType.Int64:
                writer.WriteNumberValue(value.AsInt64);
                break;
            case BsonType.Int32:
                writer.WriteNumberValue(value.AsInt32);
                break;
            case BsonType.Double:
                writer.WriteNumberValue(value.AsDouble);
                break;
            case BsonType.Decimal128:
                writer.WriteRawValue(Decimal128.ToDecimal(value.AsDecimal128).ToString(CultureInfo.InvariantCulture));
                break;
            case BsonType.Boolean:
                writer.WriteBooleanValue(value.AsBoolean);
                break;
            case BsonType.Null:
                writer.WriteNullValue();
                break;
            default:
                throw new DocumentStoreException($"{collection} holds a value of BSON type {value.BsonType}, which no document of this program has.");
        }
    }
}
