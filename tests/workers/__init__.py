"""The workers' room: broker, publisher and crews, on memory and on a real RabbitMQ."""
