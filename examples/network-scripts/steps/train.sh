# The main job: a table is offered, a model is trained on it, a row is predicted.
DATASET=ds_patients MODEL=md_linear

offer() {
  local host
  say 'They hand each other their ids: the hospital and the lab keep names for them'
  introduce
  say "The hospital splits $1 into three parts, and offers them"
  quietly dataset split "$1" --target "$2" --subsets 3 --id $DATASET --profile hospital
  quietly dataset publish $DATASET --replicas 3 --profile hospital
  say 'The hosts join: each holds an encrypted replica of every part'
  # shellcheck disable=SC2086 # one word each
  quietly dataset invite $DATASET --host $hosts --out "$MARKET/invites" --profile hospital
  for host in $hosts; do quietly instance join "$MARKET/invites" --profile "$host"; done
  quietly instance verify $DATASET --profile hospital
  agents
}

introduce() {
  local name id
  for name in hospital $hosts; do
    id=$(veritrain participant show --id --profile "$name")
    [ "$name" = hospital ] || quietly participant name "$id" "$name" --profile hospital
    quietly participant name "$id" "$name" --profile lab
  done
}

agents() {
  local name
  for name in hospital lab $hosts; do start "$name" "$here" veritrain agent run --profile "$name"; done
}

train() {
  say "The lab asks for $ROUNDS rounds of training, and the hospital agrees"
  agents
  quietly model register --id $MODEL --profile lab
  quietly couple request --dataset $DATASET --model $MODEL --rounds "$ROUNDS" --id "$COUPLE" --yes --profile lab
  quietly couple approve "$COUPLE" --yes --profile hospital
  say 'They train'
  veritrain couple watch "$COUPLE" --timeout 1800 --profile lab
}

predict() {
  say 'The lab predicts a row'
  veritrain model predict "$COUPLE" --data "$1" --show 1 --profile lab
}
