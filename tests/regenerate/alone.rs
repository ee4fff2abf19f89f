//! What a user writes around a generated module: see `what_is_generated_for_another_document_compiles_alone`.

#[allow(dead_code)]
mod pets {
    include!("../pets.rs");
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pet: pets::types::Pet = serde_json::from_str(r#"{"age": null}"#)?;
    assert_eq!(pet, pets::types::Pet::builder().age_null().build()?);
    Ok(())
}
