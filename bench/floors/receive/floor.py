"""The least that could stand in for ``receive``: a bare SQS client that queues one message."""

import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):  # type: ignore[no-untyped-def]
    sqs.send_message(
        QueueUrl=os.environ["CANAL_CONVERSATION_QUEUE_URL"],
        MessageBody=event["body"],
        MessageGroupId="1",
        MessageDeduplicationId="1",
    )
    return {"statusCode": 200}
