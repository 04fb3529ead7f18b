#:project ../src/StreamInsight.Kafka/StreamInsight.Kafka.csproj

// Turns the UCI "Online Retail" file (one row an invoice line) into Segment messages, one an invoice, and writes them as JSON lines,
// or puts them into a Kafka topic with the time of the invoice as record time. See retail.md.
//
//   dotnet run samples/retail.cs -- onlineretail.csv.gz > orders.jsonl
//   dotnet run samples/retail.cs -- onlineretail.csv.gz --kafka 127.0.0.1:9092

using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using StreamInsight.Kafka;

if (args.Length is not (1 or 3) || (args.Length == 3 && args[1] != "--kafka"))
{
    Console.Error.WriteLine("Usage: dotnet run samples/retail.cs -- onlineretail.csv.gz [--kafka host:port]");
    return 2;
}
using var file = new StreamReader(new GZipStream(File.OpenRead(args[0]), CompressionMode.Decompress));
List<Invoice> invoices = ReadInvoices(file);
if (args.Length == 1)
    WriteLines(invoices);
else
    await FeedAsync(invoices, args[2]);
Console.Error.WriteLine($"{invoices.Count} invoices of {invoices.DistinctBy(i => i.Customer).Count()} customers");
return 0;

static void WriteLines(List<Invoice> invoices)
{
    using Stream output = Console.OpenStandardOutput();
    foreach (Invoice invoice in invoices)
    {
        output.Write(invoice.ToJson());
        output.WriteByte((byte)'\n');
    }
}

static async Task FeedAsync(List<Invoice> invoices, string servers)
{
    using var feed = new KafkaEventFeed(new KafkaOptions { Servers = servers });
    foreach (Invoice[] some in invoices.Chunk(2000))
        await feed.SendAsync([.. some.Select(i => new OutgoingMessage(i.Customer, i.ToJson(), i.Time.ToUnixTimeMilliseconds()))], default);
}

// Rows without a customer or a price do not count, nor do negative rows of an order. Times are taken as UTC. The file is in order of time.
static List<Invoice> ReadInvoices(TextReader file)
{
    var byNumber = new Dictionary<string, Invoice>();
    var inOrder = new List<Invoice>();
    file.ReadLine();
    while (file.ReadLine() is { } line)
    {
        List<string> column = Columns(line);
        string number = column[0], customer = column[6];
        int quantity = int.Parse(column[3], CultureInfo.InvariantCulture);
        double price = double.Parse(column[5], CultureInfo.InvariantCulture);
        bool isCancelled = number.StartsWith('C');
        if (customer.Length == 0 || price <= 0 || (isCancelled ? quantity >= 0 : quantity <= 0))
            continue;
        if (!byNumber.TryGetValue(number, out Invoice? invoice))
        {
            var time = DateTimeOffset.ParseExact(column[4], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            byNumber[number] = invoice = new Invoice(number, customer, column[7], time, isCancelled);
            inOrder.Add(invoice);
        }
        invoice.Add(Math.Abs(quantity), price);
    }
    return inOrder;
}

static List<string> Columns(string line)
{
    var columns = new List<string>();
    var text = new StringBuilder();
    bool isQuoted = false;
    for (int i = 0; i < line.Length; i++)
    {
        if (line[i] == '"' && isQuoted && i + 1 < line.Length && line[i + 1] == '"')
            text.Append(line[i++]);
        else if (line[i] == '"')
            isQuoted = !isQuoted;
        else if (line[i] == ',' && !isQuoted)
        {
            columns.Add(text.ToString());
            text.Clear();
        }
        else
            text.Append(line[i]);
    }
    columns.Add(text.ToString());
    return columns;
}

sealed record Invoice(string Number, string Customer, string Country, DateTimeOffset Time, bool IsCancelled)
{
    private double _total;
    private int _items;

    public void Add(int quantity, double price)
    {
        _total += quantity * price;
        _items += quantity;
    }

    public byte[] ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", "track");
            json.WriteString("event", IsCancelled ? "Order Cancelled" : "Order Completed");
            json.WriteString("userId", Customer);
            json.WriteString("messageId", Number);
            json.WriteString("timestamp", Time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteStartObject("properties");
            json.WriteNumber("total", _total);
            json.WriteNumber("items", _items);
            json.WriteString("country", Country);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
